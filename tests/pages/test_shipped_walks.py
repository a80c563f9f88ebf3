"""Walks through the trees of the vendor site: the guide of R52 to R61, products, every test."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from kb.rules.trees import Tree
from tests.visitor import Page, Visitor

START = "/en/troubleshoot/backup-fails/"


def reached(page: Page) -> str:
    """The address in the browser after all redirects."""
    return page.response.request.url.removeprefix("http://localhost")


def test_selector_recommends_a_line(visitor: Visitor) -> None:
    page = visitor.get("/en/troubleshoot/product-selector/shield?who=home&home-need=protect")
    assert "We recommend Norvault Shield" in page.title
    assert dict(page.links)["See the product"] == "/en/products/shield"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param(
            "systems?what=count&kind=physical&systems=2", "2 licences", id="R52 dual boot"
        ),
        pytest.param(
            "edition?what=count&kind=virtual&edition=advanced&advanced-count=4",
            "1 licence of Advanced Server",
            id="R53 four machines",
        ),
        pytest.param(
            "edition?what=count&kind=virtual&edition=advanced&advanced-count=5",
            "2 licences of Advanced Server",
            id="R53 five machines",
        ),
        pytest.param(
            "edition?what=count&kind=virtual&edition=virtual&virtual-version=10&virtual-count=99",
            "1 licence of Virtual Edition",
            id="R53 99 machines",
        ),
        pytest.param(
            "edition?what=count&kind=virtual&edition=virtual&virtual-version=11.5",
            "whatever its machines",
            id="R53 unlimited",
        ),
        pytest.param(
            "what?what=count&kind=rescue&rescue=some", "each machine on which you", id="R54"
        ),
        pytest.param(
            "what?what=count&kind=deploy&deploy=both", "A single licence for each", id="R55"
        ),
        pytest.param(
            "what?what=count&kind=components&component=dedup", "add-on with a licence", id="R56"
        ),
        pytest.param("what?what=home", "Yes, but we do not recommend it", id="R57"),
        pytest.param("what?what=use&use=move&retired=gone", "Yes: the same licence", id="R58"),
        pytest.param("what?what=use&use=archive", "Yes: one archive copy", id="R59"),
        pytest.param("what?what=use&use=swap", "Yes, through support", id="R60"),
        pytest.param("what?what=use&use=trial", "Usually it is enough", id="R61"),
    ],
)
def test_licensing_guide(visitor: Visitor, answers: str, said: str) -> None:
    page = visitor.get(f"/en/troubleshoot/licensing-guide/?{answers.partition('?')[2]}")
    assert said in page.title
    assert "Yes, I have my answer" in page.text


def test_R27_a_product_finds_only_what_it_has(visitor: Visitor) -> None:
    """Two of the site's trees ask which product it is about, and leave out what it has not."""
    media = "/en/troubleshoot/rescue-media/"
    page = visitor.get(media)
    assert urlsplit(reached(page)).path == media + "product"
    for product, vault in (("home@2027", False), ("backup-server@12", True), ("unknown", True)):
        page = visitor.get(f"{media}backup-where?what=backups&product={product}")
        assert ("In a managed vault" in page.text) is vault
    alert = visitor.get("/en/kb/1090-x").link("Troubleshooter: ")
    assert alert == "/en/troubleshoot/scheduler-does-not-run/?product=backup-server@12"
    assert urlsplit(reached(visitor.get(alert))).path.endswith("/run-now")
    late = "run-now=works&tasks=all&version=12.3&service=stopped&try-start=no"
    for version, night in (("12", True), ("11.5", False)):
        page = visitor.get(
            f"/en/troubleshoot/scheduler-does-not-run/?{late}&product=backup-server@{version}"
        )
        assert urlsplit(reached(page)).path.endswith("/after-start")
        assert ("stops during the night" in page.text) is night


def test_every_node_of_every_tree_shows(visitor: Visitor, app: Flask) -> None:
    """Every page of every test beside the trees, in both languages, keeps the house rules."""
    with app.app_context():
        site = app.extensions["waypost"].live_site.current().site
    for name, by_lang in site.trees.items():
        for lang, tree in by_lang.items():
            for url in _urls_of_tests(name, lang, tree):
                page = visitor.get(url)
                assert "no longer fits" not in page.text
                assert "ya no corresponde" not in page.text


def _urls_of_tests(name: str, lang: str, tree: Tree) -> Iterator[str]:
    for test in tree.tests:
        product = {"product": test.product} if test.product else {}
        pairs = "&".join(f"{key}={value}" for key, value in {**test.answers, **product}.items())
        yield f"/{lang}/troubleshoot/{name}/{test.reaches}?{pairs}"
