"""Links to other sites: asked politely, remembered, and never anything but http(s)."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kb.outside.external_links import BAD_FOR, GOOD_FOR, LinkChecker
from tests.outside.web_server import serving


class Site(BaseHTTPRequestHandler):
    """Answers by the number in the path; notes what it was asked."""

    asked: list[tuple[str, str]]

    def _answer(self) -> None:
        type(self).asked.append((self.command, self.path))
        name = self.path.strip("/")
        code = int(name) if name.isdigit() else 200
        if name == "no-head":
            code = 405 if self.command == "HEAD" else 200
        if name in {"to-file", "circle"}:
            code = 302
        self.send_response(code)
        if name == "to-file":
            self.send_header("Location", "file:///etc/passwd")
        if name == "circle":
            self.send_header("Location", "/circle")
        if name == "301":
            self.send_header("Location", "/fine")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Another site on this machine."""
    Site.asked = []
    with serving(Site) as url:
        yield url, Site.asked


def checker(folder: Path, now: float = 0.0, most: int = 100) -> LinkChecker:
    return LinkChecker(folder / "links.json", clock=lambda: now, pause=0, timeout=60, most=most)


@pytest.mark.parametrize(
    ("path", "dead"),
    [
        pytest.param("/fine", "", id="there"),
        pytest.param("/301", "", id="moved"),
        pytest.param("/no-head", "", id="answers GET alone"),
        pytest.param("/404", "it answers 404", id="gone"),
        pytest.param("/410", "it answers 410", id="gone for good"),
        pytest.param("/403", "", id="not for machines"),
        pytest.param("/429", "", id="asked too often"),
        pytest.param("/503", "", id="busy"),
        pytest.param("/circle", "it leads in circles, or to what is no page", id="circle"),
        pytest.param("/to-file", "it leads in circles, or to what is no page", id="file"),
    ],
)
def test_what_a_site_answers(other, tmp_path: Path, path: str, dead: str) -> None:
    url, _ = other
    report = checker(tmp_path).check([url + path])
    assert report.dead == ({url + path: dead} if dead else {})


def test_a_site_that_is_not_there_is_told(tmp_path: Path) -> None:
    report = checker(tmp_path).check(["http://127.0.0.1:9/x"])
    assert "it cannot be reached" in report.dead["http://127.0.0.1:9/x"]


def test_a_page_is_asked_for_once_whatever_its_anchors(other, tmp_path: Path) -> None:
    url, asked = other
    checker(tmp_path).check([f"{url}/fine#a", f"{url}/fine#b", f"{url}/fine"])
    assert asked == [("HEAD", "/fine")]


@pytest.mark.parametrize(
    ("path", "later", "again"),
    [
        ("/fine", GOOD_FOR - 1, False),
        ("/fine", GOOD_FOR, True),
        ("/404", BAD_FOR - 1, False),
        ("/404", BAD_FOR, True),
    ],
)
def test_answers_are_remembered(other, tmp_path: Path, path: str, later: float, again: bool):
    url, asked = other
    checker(tmp_path).check([url + path])
    before = len(asked)
    report = checker(tmp_path, now=later).check([url + path])
    assert (len(asked) > before) is again
    assert bool(report.dead) is (path == "/404")


def test_no_more_than_the_limit_is_asked_in_one_run(other, tmp_path: Path) -> None:
    url, asked = other
    report = checker(tmp_path, most=2).check([f"{url}/{n}" for n in ("a", "b", "c")])
    assert (report.asked, report.left, len(asked)) == (2, 1, 2)
    report = checker(tmp_path, most=2).check([f"{url}/{n}" for n in ("a", "b", "c")])
    assert (report.asked, report.left, len(asked)) == (1, 0, 3)


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"x": [1]}), "null"])
def test_a_damaged_memory_is_forgotten(other, tmp_path: Path, text: str) -> None:
    url, asked = other
    (tmp_path / "links.json").write_text(text)
    assert checker(tmp_path).check([f"{url}/fine"]).dead == {}
    assert asked == [("HEAD", "/fine")]
