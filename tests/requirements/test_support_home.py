"""R12, R25, R27, R62, R63 on the shipped vendor site, as a visitor sees it."""

from collections.abc import Callable

import pytest

from tests.visitor import Visitor


@pytest.mark.parametrize("lang", ["es", "en"])
def test_R62_the_support_home_offers_all_ways(lang: str, visitor: Visitor) -> None:
    """R62: a search, self-service, common problems, current alerts, contact us → start here."""
    page = visitor.get(f"/{lang}/")
    live = visitor.app.extensions["waypost"].live_site.current().site
    assert 'role="search"' in page.html
    for tile in live.site.tiles:
        assert tile.name.in_(lang) in page.text
    ways = ("downloads", "products", "kb/", "troubleshoot/product-selector/")
    ways += ("troubleshoot/licensing-guide/",)
    links = [href for _, href in page.links]
    for way in ways:
        assert any(href.startswith(f"/{lang}/{way}") for href in links), way
    assert live.site.forum_url in links
    for id_ in live.site.common_problems:
        assert live.articles[lang][id_].title in page.text
    _, _, alerts = page.text.partition({"es": "Alertas actuales", "en": "Current alerts"}[lang])
    assert any(alert.title in alerts for alert in live.alerts(lang))
    start = {"es": "Empezar: Hable con nosotros", "en": "Start: Talk to us"}[lang]
    assert (start, f"/{lang}/contact/") in page.links


@pytest.mark.parametrize("lang", ["es", "en"])
def test_R62_every_way_of_the_support_home_leads_to_a_page(lang: str, visitor: Visitor) -> None:
    links = {href for _, href in visitor.get(f"/{lang}/").links if href.startswith("/")}
    assert len(links) > 20
    for href in sorted(links):
        assert visitor.client.get(href, follow_redirects=True).status_code == 200, href


@pytest.mark.parametrize("lang", ["es", "en"])
def test_R63_the_faq_says_that_it_does_not_bind_and_links_to_the_agreements(
    lang: str, visitor: Visitor
) -> None:
    """R63: a notice that the FAQ is not legally binding, and links to the licence agreements."""
    page = visitor.get(f"/{lang}/kb/1131-support-plans")
    said = {"es": "no son jurídicamente vinculantes", "en": "not legally binding"}[lang]
    assert said in page.text
    words = {"es": "Acuerdos de licencia", "en": "Licence agreements"}[lang]
    assert visitor.get(page.link(words)).status == 200


def test_R63_the_faq_stands_in_groups(visitor: Visitor) -> None:
    """R63: an FAQ in groups; each group is a category with a page of its own."""
    live = visitor.app.extensions["waypost"].live_site.current().site
    groups: dict[str, int] = {}
    for article in live.articles["es"].values():
        if article.type == "faq":
            groups[article.category] = groups.get(article.category, 0) + 1
    assert {"support", "licences", "contact"} <= set(groups)
    for category in groups:
        page = visitor.get(f"/es/kb/category/{category}")
        for article in live.articles["es"].values():
            if (article.type, article.category) == ("faq", category):
                assert article.title in page.text


@pytest.mark.parametrize("lang", ["es", "en"])
def test_R63_how_to_articles_have_a_video_with_its_transcript(lang: str, visitor: Visitor) -> None:
    """R63: how-to articles with a video, and its words for who cannot watch it."""
    live = visitor.app.extensions["waypost"].live_site.current().site
    filmed = [a for a in live.articles[lang].values() if a.video and a.type == "how-to"]
    assert len(filmed) >= 2
    for article in filmed:
        assert article.video is not None
        page = visitor.get(f"/{lang}/kb/{article.id}-{article.slug}")
        assert article.video.transcript[:60] in page.text
        src = page.html.partition('<video controls preload="none" src="')[2].partition('"')[0]
        film = visitor.client.get(src)
        assert film.status_code == 200
        assert film.content_type == "video/webm"
        film.close()
        assert f".{lang}." in src


def test_R25_knowledge_base_and_forum_are_open_to_everyone(visitor: Visitor) -> None:
    live = visitor.app.extensions["waypost"].live_site.current().site
    assert all(article.audience == "public" for article in live.articles["en"].values())
    assert live.site.forum_url in visitor.get("/en/").html
    assert visitor.get("/en/kb/").status == 200


@pytest.mark.parametrize("lang", ["es", "en"])
def test_R27_product_pages_name_the_current_version_and_what_is_supported(
    lang: str, visitor: Visitor
) -> None:
    policy = visitor.app.extensions["waypost"].live_site.current().site.policy
    for product in policy.products.values():
        page = visitor.get(f"/{lang}/products/{product.id}")
        if product.current_version:
            current = {"es": "Actual", "en": "Current"}[lang]
            assert product.current_version in page.text
            assert current in page.text
    page = visitor.get("/en/products/backup-advanced-server")
    assert "11.5, 11 Current" in page.text
    assert "10 Supported" in page.text
    assert "9 No longer supported" in page.text


def test_R12_downloads_and_guides_per_registered_product(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    """R12: downloads, updates and user guides for each registered product, and for no stranger."""
    visitor.as_customer("premier").get("/en/my/products")
    page = visitor.follow("Norvault Backup Server 12")
    assert "Downloads" in page.text
    assert "User guide" in page.text
    policy = visitor.app.extensions["waypost"].live_site.current().site.policy
    installers = {link.url for link in policy.products["backup-server"].downloads}
    assert installers
    assert installers <= {href for _, href in page.links}
    stranger = another().get("/en/downloads")
    assert not installers & {href for _, href in stranger.links}
