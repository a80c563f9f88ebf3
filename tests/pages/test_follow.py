"""Following by mail in pages: asked for, agreed to, seen, changed, ended (R62)."""

import pytest
from flask import Flask

from kb.rules.articles import Audience
from kb.rules.following import FOLLOW_BY_SOURCE
from kb.store import Database, outbox
from tests.visitor import Visitor


def letters(app: Flask, kind: str = "follow-agree") -> list[outbox.Mail]:
    db: Database = app.extensions["waypost"].db
    with db.read() as conn:
        return [mail for mail in outbox.all_mail(conn) if mail.kind == kind]


def public_article(app: Flask, lang: str = "es") -> int:
    shelf = app.extensions["waypost"].live_site.current().site.articles[lang]
    found: int = next(
        a.id for a in shelf.values() if a.audience is Audience.PUBLIC and a.status == "published"
    )
    return found


def agreed(app: Flask, visitor: Visitor, *paths: str, email: str = "ana@example.com") -> str:
    """Follow something by way of the pages; returns the address of what is followed."""
    for path in paths:
        visitor.get(path)
        visitor.post(path, email=email, pace="daily")
        link = letters(app)[-1].text.split("http://localhost")[1].split()[0]
        visitor.get(link)
        page = visitor.post(link)
    return page.response.request.path


@pytest.mark.parametrize(
    ("lang", "follow", "sent", "shown"),
    [
        ("es", "Seguir por correo", "Revise su correo", "Lo que usted sigue"),
        ("en", "Follow by e-mail", "Check your e-mail", "What you follow"),
    ],
)
def test_from_an_article_to_what_one_follows(
    app: Flask, visitor: Visitor, lang: str, follow: str, sent: str, shown: str
) -> None:
    """R62: a reader without an account follows an article in four steps."""
    id_ = public_article(app, lang)
    title = visitor.get(f"/{lang}/kb/{id_}").title.rpartition(" – ")[0]
    visitor.follow(follow)
    url = f"/{lang}/follow/article/{id_}"
    page = visitor.post(url, email="ana@example.com", pace="at-once")
    assert sent in page.text
    (mail,) = letters(app)
    assert mail.lang == lang
    link = mail.text.split("http://localhost")[1].split()[0]
    assert "ana@example.com" in visitor.get(link).text
    page = visitor.post(link)
    assert shown in page.title
    assert title in page.text
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex"


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(visitor: Visitor, app: Flask) -> None:
    url = "/es/follow/product/backup-server"
    page = visitor.post(url, email="ana@", pace="at-once")
    assert 'value="ana@"' in page.html
    assert page.title.startswith("Error:")
    assert letters(app) == []
    for number in range(FOLLOW_BY_SOURCE.tries):
        visitor.post(url, email=f"a{number}@example.com", pace="daily")
    page = visitor.post(url, email="b@example.com", pace="daily")
    assert "Se han pedido demasiados correos" in page.text


def test_one_signed_in_need_not_type_the_address(visitor: Visitor) -> None:
    page = visitor.as_customer("premier").get("/en/follow/product/backup-server")
    assert 'value="premier@example.com"' in page.html


@pytest.mark.parametrize(
    "path",
    ["article/1", "article/x", "product/nothing", "person/1", "article/99999999999999999999"],
)
def test_nothing_else_can_be_followed(visitor: Visitor, path: str) -> None:
    visitor.get(f"/es/follow/{path}", expect=404)


def test_a_link_of_nobody_says_so(visitor: Visitor) -> None:
    for path in ("agree/x", "mine/x", "end/x"):
        assert "Este enlace ya no sirve" in visitor.get(f"/es/follow/{path}").text
    visitor.post("/es/follow/agree/x")
    visitor.post("/es/follow/mine/x", drop="article:1")
    visitor.post("/es/follow/end/x", expect=403)


def test_one_thing_is_ended_and_the_pace_changed(app: Flask, visitor: Visitor) -> None:
    id_ = public_article(app)
    mine = agreed(app, visitor, f"/es/follow/article/{id_}", "/es/follow/product/backup-server")
    page = visitor.get(mine)
    assert page.text.count("Dejar de seguir") == 2
    visitor.post(mine, pace="at-once")
    html = visitor.get(mine).html
    assert 'value="at-once" checked' in html
    page = visitor.post(mine, drop=f"article:{id_}")
    assert "Ya no lo sigue." in page.text
    assert page.text.count("Dejar de seguir") == 1
    page = visitor.post(mine, drop="product:backup-server")
    assert "Ya no sigue nada" in page.title
    assert "Este enlace ya no sirve" in visitor.get(mine).text


def test_mail_programs_end_it_without_a_page(app: Flask, visitor: Visitor) -> None:
    """RFC 8058: a POST without cookies, token of ours or a page; a GET ends nothing."""
    mine = agreed(app, visitor, "/es/follow/product/backup-server")
    end = mine.replace("/mine/", "/end/")
    stranger = app.test_client()
    assert stranger.get(end).status_code == 200
    assert "backup-server" in visitor.get(mine).html
    for _ in range(2):
        answer = stranger.post(end, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert "Este enlace ya no sirve" in visitor.get(mine).text


def test_people_end_it_by_a_page(app: Flask, visitor: Visitor) -> None:
    end = agreed(app, visitor, "/en/follow/product/backup-server").replace("/mine/", "/end/")
    assert "End all e-mails" in visitor.get(end).title
    assert "You follow nothing any more" in visitor.post(end, token=False).title


def test_what_has_gone_can_still_be_ended(app: Flask, visitor: Visitor) -> None:
    id_ = public_article(app)
    mine = agreed(app, visitor, f"/es/follow/article/{id_}")
    shelf = app.extensions["waypost"].live_site.current().site.articles["es"]
    kept = shelf.pop(id_)
    try:
        page = visitor.get(mine)
        assert "Ya no está en este sitio" in page.text
        assert "Ya no sigue nada" in visitor.post(mine, drop=f"article:{id_}").title
    finally:
        shelf[id_] = kept


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_ways_to_be_told(visitor: Visitor, lang: str) -> None:
    visitor.get(f"/{lang}/kb/")
    page = visitor.follow({"es": "Enterarse de las novedades", "en": "Be told of news"}[lang])
    for _, href in page.links:
        if "/feeds/" in href or "/follow/product/" in href:
            assert visitor.client.get(href).status_code == 200
    assert f"/{lang}/feeds/alerts.atom" in page.html


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("es", "Seguir «La copia se detiene con “No hay espacio suficiente”» por correo"),
        ("en", "Follow “The backup stops with ‘Not enough space’” by e-mail"),
    ],
)
def test_a_title_with_quotation_marks_is_quoted_with_the_other_kind(
    visitor: Visitor, lang: str, title: str
) -> None:
    assert title in visitor.get(f"/{lang}/follow/article/1042").text
