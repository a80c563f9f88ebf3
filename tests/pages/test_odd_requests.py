"""What nobody's browser sends: it is answered like anything else that is wrong, never by a 500."""

import json

import pytest

from kb.actions.demo import PASSWORD
from tests.visitor import Visitor

DEEP = '{"a":' * 5000 + "1" + "}" * 5000


@pytest.mark.parametrize(
    "query",
    [
        "slug=other",
        "article=1",
        "lang=es&id=5",
        "_external=1&_scheme=javascript",
        "_anchor=there&_method=POST",
    ],
)
def test_an_articles_new_address_keeps_any_query_and_obeys_none(
    visitor: Visitor, query: str
) -> None:
    answer = visitor.client.get(f"/en/kb/1090?{query}")
    path, _, kept = answer.location.partition("?")
    assert answer.status_code == 301
    assert path.startswith("/en/kb/1090-")
    assert kept == query


@pytest.mark.parametrize("path", ["/en/my", "/en/my/products/@1", "/en/the/of", "/es/el/la"])
def test_an_address_of_words_that_say_nothing_is_just_not_found(
    visitor: Visitor, path: str
) -> None:
    visitor.get(path, expect=404)


@pytest.mark.parametrize(
    "body",
    [DEEP, '{"email": 5, "password": {"a": 1}}', "[[1, 2], [3]]", "7", "{"],
    ids=["deep", "other types", "lists", "a number", "broken"],
)
@pytest.mark.parametrize("path", ["/en/account/sign-in", "/en/account/sign-up", "/en/feedback"])
def test_a_form_sent_as_json_is_an_empty_form(visitor: Visitor, path: str, body: str) -> None:
    token = visitor.get(path).token()
    sent = visitor.client.post(
        path, data=body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert sent.status_code == 200, "the form again; what is taken leads elsewhere"


def test_json_signs_nobody_in(visitor: Visitor) -> None:
    """A form is a form: what the guards of forms look at is what the fields are filled with."""
    token = visitor.get("/en/account/sign-in").token()
    told = {"email": "premier@example.com", "password": PASSWORD, "csrf_token": token}
    sent = visitor.client.post(
        "/en/account/sign-in",
        data=json.dumps(told),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert sent.status_code == 200
    assert visitor.client.get("/en/account/").status_code == 302


def test_a_blank_is_no_rating(visitor: Visitor) -> None:
    """R51: a choice is one of those offered, or none."""
    page = visitor.get("/en/feedback")
    blank = {"kind": "rating", "rating": " ", "words": "Fine", "csrf_token": page.token()}
    assert "Not a valid choice" in visitor.client.post("/en/feedback", data=blank).text


PERSONAL = ["/en/account/", "/en/my/cases", "/en/kb/", "/en/feeds/new.atom", "/api/search?q=disk"]


@pytest.mark.parametrize("path", PERSONAL)
def test_no_cache_between_keeps_what_comes_with_a_cookie(visitor: Visitor, path: str) -> None:
    """A device that is remembered is given its session by whatever it asks for first; a cache
    that looks at no `Vary` would give that session to the next who asks."""
    client = visitor.client
    token = visitor.get("/en/account/sign-in").token()
    known = {"email": "premier@example.com", "password": PASSWORD, "remember": "y"}
    client.post("/en/account/sign-in", data={**known, "csrf_token": token})
    client.delete_cookie("waypost")
    first, second = client.get(path), client.get(path)
    assert "waypost=" in first.headers["Set-Cookie"]
    assert first.headers.getlist("Cache-Control") == ["private, no-cache"]
    assert first.status_code == second.status_code == 200
    if "feeds" not in path:  # they say the same to everybody
        assert second.headers.getlist("Cache-Control") == ["private, no-cache"]


def test_pages_for_strangers_may_be_kept_as_they_say(visitor: Visitor) -> None:
    assert visitor.client.get("/en/feeds/new.atom").cache_control.public
    assert "Cache-Control" not in visitor.client.get("/en/kb/").headers
    asked = visitor.client.get("/en/search?q=disk", headers={"User-Agent": "Firefox"})
    assert "visit=" in asked.headers["Set-Cookie"]
    assert asked.headers.getlist("Cache-Control") == ["private, no-cache"]


ODD_HEADERS = {
    "a remembered device": {"HTTP_COOKIE": "remember_token=\xff|\xff"},
    "a session": {"HTTP_COOKIE": "waypost=\xff.\xff; visit=\xff; walk=\xff"},
    "a referrer": {"HTTP_REFERER": "http://[", "HTTP_COOKIE": "visit=" + "a" * 22},
    "an origin": {"HTTP_ORIGIN": "http://[x", "HTTP_SEC_FETCH_SITE": None},
    "languages": {"HTTP_ACCEPT_LANGUAGE": "\xff;q=1e999, *;q=nan"},
    "a range": {"HTTP_RANGE": "bytes=9" * 40, "HTTP_IF_NONE_MATCH": "\xff"},
}


@pytest.mark.parametrize("said", ODD_HEADERS.values(), ids=ODD_HEADERS)
def test_odd_headers_are_as_good_as_none(visitor: Visitor, said: dict[str, str | None]) -> None:
    client = visitor.client
    given = {"HTTP_USER_AGENT": "Firefox", **{k: v for k, v in said.items() if v is not None}}
    page = visitor.get("/en/kb/").link("Scheduler")
    for path, status in ((page, 200), ("/en/search?q=disk", 200), ("/en/account/", 302)):
        assert client.get(path, environ_overrides=given).status_code == status
    vote = client.post("/en/kb/1090/vote", data={"helped": "yes"}, environ_overrides=given)
    assert vote.status_code == 403, "no browser says that this site asked for it"
    posted = client.post("/en/feedback", data={"words": "kept"}, environ_overrides=given)
    assert posted.status_code == 400
    assert "kept" in posted.text


@pytest.mark.parametrize("host", ["evil.example", "[", "a b", "evil.example:x/y"])
@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/en", "/en/"),
        ("/en/account?next=%2Fen%2F", "/en/account/?next=%2Fen%2F"),
        ("/en/kb//evil.example", "/en/kb/evil.example"),
    ],
)
def test_the_right_form_of_an_address_is_on_no_other_host(
    visitor: Visitor, host: str, path: str, right: str
) -> None:
    """Such a redirect may be kept by whoever stands between, for everybody."""
    answer = visitor.client.get(path, environ_overrides={"HTTP_HOST": host})
    assert (answer.status_code, answer.location) == (308, right)
