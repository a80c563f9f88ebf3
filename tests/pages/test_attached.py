"""R43: files with the case form, with answers and notes; kept, told about, downloaded, private."""

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from kb.rules.uploads import FILE_BYTES
from kb.store.tables import attachment
from tests.pages.test_contact import database, filled, wish
from tests.visitor import Page, Visitor

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
Files = list[tuple[io.BytesIO, str]]


def files(*sent: tuple[str, bytes]) -> Files:
    return [(io.BytesIO(content), name) for name, content in sent]


def form(visitor: Visitor, lang: str = "en") -> Page:
    query = {**wish(visitor), "channel": "email"}
    return visitor.get(f"/{lang}/contact/case", **query)


def send(visitor: Visitor, page: Page, attached: Files, **changes: Any) -> Page:
    """Press the button of the case form with files, as a browser sends them."""
    address = page.response.request.full_path
    return closed(visitor.post(address, **{**filled(page), "attachments": attached, **changes}))


def closed(page: Page) -> Page:
    """Close what the test client wrote a large body into; it leaves that to chance."""
    for answer in (page.response, *page.response.history):
        answer.request.environ["wsgi.input"].close()
    return page


def kept(page: Page) -> list[str]:
    """The tickets of files that came back with a form."""
    return [
        str(one["value"])
        for found in page.forms
        for one in found["fields"]
        if str(one.get("name")).endswith("-kept")
    ]


def counted(visitor: Visitor) -> int:
    with database(visitor).read() as conn:
        return conn.execute(select(func.count()).select_from(attachment)).scalar_one()


def fetched(visitor: Visitor, url: str) -> Any:
    return visitor.client.get(url, buffered=True)  # reads the file and closes it


def saved(visitor: Visitor, page: Page, name: str) -> Any:
    """Click a file's link."""
    return fetched(visitor, page.link(name))


@pytest.fixture
def customer(visitor: Visitor) -> Visitor:
    return visitor.as_customer("premier")


@pytest.fixture
def with_file(customer: Visitor) -> Page:
    """The page of a new case with a picture."""
    return send(customer, form(customer), files(("pantalla.png", PNG)))


def test_r43_the_form_takes_a_screenshot_and_the_case_shows_it(
    customer: Visitor, with_file: Page
) -> None:
    assert "Case opened" in with_file.text
    assert re.search(r"pantalla\.png 5\d bytes", with_file.text)
    answer = saved(customer, with_file, "pantalla.png")
    assert (answer.status_code, answer.data) == (200, PNG)


def test_a_file_is_saved_and_never_shown_by_the_browser(customer: Visitor) -> None:
    page = send(customer, form(customer), files(("señal «1».log", b"E000101F4")))
    answer = saved(customer, page, "señal")
    headers = answer.headers
    name = quote("señal «1».log")
    assert headers["Content-Disposition"].startswith("attachment;")
    assert f"filename*=UTF-8''{name}" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers.get_all("Content-Security-Policy") == ["default-src 'none'; sandbox"]
    assert "private" in headers["Cache-Control"]
    assert headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.exe", b"MZ\x90\x00\x03", "“virus.exe” is not a kind of file we take"),
        ("photo.png", b"<svg onload=x>", "“photo.png” is not a kind of file we take"),
        ("nothing.txt", b"", "“nothing.txt” is empty."),
        ("big.log", b"x" * (FILE_BYTES + 1), "“big.log” is larger than 10 MB."),
        ("../\u202egpj.exe", b"\x00", "“gpj.exe” is not a kind of file we take"),
    ],
    ids=["program", "SVG as PNG", "empty", "too large", "path and bidi"],
)
def test_a_refused_file_is_named_and_everything_else_is_kept(
    customer: Visitor, name: str, content: bytes, said: str
) -> None:
    page = send(customer, form(customer), files(("good.png", PNG), (name, content)))
    assert page.title.startswith("Error:")
    assert page.text.count(said) == 2  # on top and beside the field
    assert "It stops every night since Monday." in page.html
    assert counted(customer) == 0
    again = send(customer, page, [], **{"attachments-kept": kept(page)})
    assert "Case opened" in again.text
    assert saved(customer, again, "good.png").data == PNG
    assert counted(customer) == 1


def test_a_refusal_speaks_the_language_of_the_page(customer: Visitor) -> None:
    page = send(customer, form(customer, "es"), files(("a.exe", b"MZ\x90\x00")))
    assert "«a.exe» no es un tipo de archivo que aceptemos" in page.text
    assert "5 archivos de 10 MB" in page.text


def test_too_many_files_keep_the_first_five(customer: Visitor) -> None:
    sent = files(*((f"{n}.txt", b"%d" % n) for n in range(7)))
    page = send(customer, form(customer), sent)
    assert "“5.txt” is one too many" in page.text
    assert "“6.txt” is one too many" in page.text
    assert len(kept(page)) == 5


def test_other_mistakes_keep_the_files_too(customer: Visitor) -> None:
    page = send(customer, form(customer), files(("good.png", PNG)), title="")
    assert "Write: The problem in one sentence" in page.text
    again = send(customer, page, [], title="Now", **{"attachments-kept": kept(page)})
    assert again.link("good.png")


def test_a_kept_file_that_is_unticked_is_not_sent(customer: Visitor) -> None:
    page = send(customer, form(customer), files(("good.png", PNG)), title="")
    assert "good.png" not in send(customer, page, []).text


def test_similar_cases_are_shown_first_and_keep_the_files(customer: Visitor) -> None:  # R47
    page = send(customer, form(customer), files(("good.png", PNG)), seen="")
    assert "Before it is sent" in page.text
    sent = send(customer, page, [], seen="yes", **{"attachments-kept": kept(page)})
    assert sent.link("good.png")


def test_a_ticket_is_good_for_its_own_form_and_person_only(
    customer: Visitor, another: Callable[[], Visitor]
) -> None:
    page = send(customer, form(customer), files(("good.png", PNG)), title="")
    tickets = kept(page)
    other_form = send(customer, form(customer), [], **{"attachments-kept": tickets})
    assert "good.png" not in other_form.text
    thief = another().as_customer("standard")
    mine = {"attachments-kept": [*tickets, "forged", ""], "submission": page.hidden("submission")}
    assert "good.png" not in send(thief, form(thief), [], **mine).text
    assert counted(customer) == 0


def test_the_same_form_sent_twice_makes_one_case_with_its_files_once(customer: Visitor) -> None:
    page = form(customer)
    first = send(customer, page, files(("good.png", PNG)))
    customer.page = page
    second = send(customer, page, files(("good.png", PNG)))
    assert first.response.request.path == second.response.request.path
    assert second.html.count('good.png"') == 1
    assert counted(customer) == 1


def answer(visitor: Visitor, page: Page, attached: Files, to: str = "", **fields: Any) -> Page:
    given = {"submission_id": page.hidden("submission_id"), "files": attached, **fields}
    return closed(visitor.post(to or page.response.request.path, **given))


def test_an_answer_takes_files(customer: Visitor, with_file: Page) -> None:
    page = answer(customer, with_file, files(("a.log", b"log")), body="Here it is")
    assert "Answer sent." in page.text
    assert saved(customer, page, "a.log").data == b"log"


def test_an_answer_without_words_keeps_its_files(customer: Visitor, with_file: Page) -> None:
    page = answer(customer, with_file, files(("a.log", b"log")), body="")
    assert "Write your answer" in page.text
    page = answer(customer, page, [], body="Here", **{"files-kept": kept(page)})
    assert page.link("a.log")


@pytest.mark.parametrize("again", [False, True], ids=["chosen", "kept"])
def test_solved_with_a_file_but_no_words_loses_nothing(
    customer: Visitor, with_file: Page, again: bool
) -> None:
    page = answer(customer, with_file, files(("a.log", b"log")), body="", solved="1")
    if again:
        page = answer(customer, page, [], body="", solved="1", **{"files-kept": kept(page)})
    assert "Write your answer" in page.text
    assert len(kept(page)) == 1
    assert "This case is resolved" not in page.text


def test_a_full_case_says_so(customer: Visitor, with_file: Page) -> None:
    page = with_file
    big = b"x" * (FILE_BYTES - 1000)
    for number in range(2):
        page = answer(customer, page, files((f"{number}.log", big)), body="log")
        assert "Answer sent." in page.text
    page = answer(customer, page, files(("3.log", big)), body="one more")
    assert "“3.log” does not fit any more: a case takes 25 MB of files in all." in page.text
    assert "one more" in page.html


@pytest.fixture
def agent(another: Callable[[], Visitor]) -> Visitor:
    return another().as_agent()


def test_an_agent_sees_files_and_answers_with_files(
    customer: Visitor, with_file: Page, agent: Visitor
) -> None:
    number = with_file.response.request.path.rsplit("/", 1)[1]
    desk = f"/en/desk/cases/{number}"
    page = agent.get(desk)
    assert saved(agent, page, "pantalla.png").data == PNG
    page = answer(agent, page, files(("fix.zip", b"PK\x03\x04")), f"{desk}/reply", body="Try this")
    assert saved(agent, page, "fix.zip").status_code == 200
    page = agent.get(desk, compose="note")
    page = answer(agent, page, files(("a.exe", b"MZ\x00")), f"{desk}/note", body="Look")
    assert "“a.exe” is not a kind of file we take" in page.text
    page = answer(agent, page, files(("in.txt", b"secret")), f"{desk}/note", body="Look")
    secret = page.link("in.txt")
    assert fetched(agent, secret).data == b"secret"

    seen = customer.get(with_file.response.request.path)
    assert saved(customer, seen, "fix.zip").status_code == 200
    assert "in.txt" not in seen.html
    for path in (secret, secret.replace("/desk/", "/my/")):
        assert fetched(customer, path).status_code == 404


def test_somebody_elses_file_does_not_exist_by_any_route(
    customer: Visitor, with_file: Page, another: Callable[[], Visitor], agent: Visitor
) -> None:
    link = with_file.link("pantalla.png")
    number, id_ = re.findall(r"[0-9]+", link)[:2]
    stranger = another().as_customer("standard")
    paths = [link, link.replace("/en/", "/es/"), link.replace("/my/", "/desk/")]
    for path in paths:
        assert fetched(stranger, path).status_code == 404, path
        assert fetched(another(), path).status_code == 302, path
    assert fetched(agent, link).status_code == 404  # agents have the desk
    for wrong in (
        f"/en/my/cases/{number}/files/{id_}/other.png",
        f"/en/my/cases/{number}/files/{int(id_) + 1}/pantalla.png",
        f"/en/my/cases/{int(number) - 1}/files/{id_}/pantalla.png",
        f"/en/my/cases/{number}/files/{id_}/../../secret-key",
        f"/en/my/cases/{number}/files/99999999999999999999/pantalla.png",
    ):
        assert fetched(customer, wrong).status_code == 404, wrong
    assert fetched(customer, link).status_code == 200


def test_a_file_missing_on_disk_is_not_found(
    app: Flask, customer: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    page = send(customer, form(customer), files(("gone.txt", b"only here")))
    root = app.extensions["waypost"].settings.var / "attachments"
    for path in root.rglob("??/*"):
        if path.read_bytes() == b"only here":
            path.unlink()
    assert saved(customer, page, "gone.txt").status_code == 404
    assert "is missing" in caplog.text


def test_a_form_of_an_ended_session_says_which_files_to_choose_again(
    customer: Visitor, with_file: Page
) -> None:
    customer.client.delete_cookie("waypost")
    fields = {"body": "Kept words", "files": files(("a\u202e.log", b"log")), "files-kept": "x.y"}
    path = with_file.response.request.path
    page = customer.post(
        path, expect=401, csrf_token=customer.get("/en/feedback").token(), **fields
    )
    assert "Your files did not come along: a.log." in page.text
    assert "Kept words" in page.text
    assert "x.y" not in page.text
