"""R51: everything that people say comes into one queue, is read by agents, sorted and counted."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from kb.actions.article_uses import note_articles
from kb.actions.case_after import rate
from kb.actions.cases import Who
from kb.rules.cases import Actor
from kb.settings import Settings
from kb.store import Database, audit, listening, voices
from kb.store.listening import Wanted
from kb.store.tables import case
from tests.conftest import NOW
from tests.visitor import Page, Visitor

DESK = "/en/desk/feedback"
Another = Callable[[], Visitor]


@pytest.fixture
def settings(settings_on_both: Settings) -> Settings:
    """The vendor site on each database."""
    return settings_on_both


@pytest.fixture
def agent(another: Another) -> Visitor:
    return another().as_agent()


def say(visitor: Visitor, words: str, kind: str = "suggestion", **fields: str) -> None:
    visitor.get("/en/feedback")
    visitor.post("/en/feedback", kind=kind, words=words, **fields)


def fault(visitor: Visitor, words: str, fault: str = "wrong", article: int = 1042) -> Page:
    url = f"/en/kb/{article}/report"
    visitor.get(url)
    return visitor.post(url, fault=fault, words=words)


def votes(db: Database) -> voices.Votes:
    with db.read() as conn:
        return voices.votes_by_article(conn).get(1042, voices.Votes(0, 0))


def shown(page: Page) -> list[str]:
    return re.findall(r'<p class="said" lang="..">([^<]*)</p>', page.html)


def boxes(page: Page) -> list[str]:
    return re.findall(r'name="id" value="(\d+)"', page.html)


def shown_ids(page: Page) -> list[str]:
    return re.findall(r'name="shown" value="(\d+)"', page.html)


def test_R51_page_article_and_case_come_into_one_queue(
    visitor: Visitor, agent: Visitor, db: Database, app: Flask
) -> None:
    say(visitor, "More videos", email="a@example.org")
    fault(visitor, "Step two is from version 10")
    vote = {"helped": "no", "words": "It lacks the cloud"}
    visitor.client.post("/en/kb/1042/vote", data=vote, headers={"Sec-Fetch-Site": "same-origin"})
    with db.write() as conn:
        query = select(case.c.number, case.c.user_id).where(case.c.alive.is_(True))
        number, customer = conn.execute(query).first() or (0, 0)
        conn.execute(update(case).where(case.c.number == number).values(state="resolved"))
    rate(db, Who(Actor.CUSTOMER, customer), number, NOW, stars=2, words="Two days for a no")
    page = agent.get(DESK)
    assert shown(page)[:4] == [
        "Two days for a no", "It lacks the cloud", "Step two is from version 10", "More videos",
    ]  # fmt: skip
    for words in ("Suggestion", "Rating", "Problem with an article", "2 of 5", "a@example.org"):
        assert words in page.text
    links = [href for _text, href in page.links]
    assert f"/en/desk/cases/{number}" in links
    assert any(href.startswith("/en/kb/1042-") for href in links)
    assert "nobody was promised a reply" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"kind": "content"}, {"Step two fails"}, id="kind"),
        pytest.param({"tag": "step-fails"}, {"Step two fails"}, id="tag"),
        pytest.param({"article": "1042"}, {"Step two fails"}, id="article"),
        pytest.param({"spoken": "es"}, {"Más vídeos"}, id="language"),
        pytest.param({"product": "backup-server"}, {"Step two fails"}, id="product"),
        pytest.param({"q": "videos"}, {"Más vídeos", "One video more"}, id="words"),
        pytest.param({"q": "%$ \x00"}, set(), id="no word at all"),
        pytest.param({"since": "2026-11-24"}, set(), id="later"),
        pytest.param({"until": "2000-01-01"}, set(), id="earlier"),
        pytest.param({"kind": "x\x00", "spoken": "??"}, set(), id="nonsense"),
        pytest.param({"article": "9" * 30, "since": "never", "before": "x"}, None, id="odd"),
    ],
)
def test_R51_filters(
    visitor: Visitor, agent: Visitor, db: Database, query: dict[str, str], found: set[str] | None
) -> None:
    say(visitor, "One video more")
    visitor.get("/es/feedback")
    visitor.post("/es/feedback", kind="compliment", words="Más vídeos")
    fault(visitor, "Step two fails", "step-fails")
    all_ = {"One video more", "Más vídeos", "Step two fails"}
    assert set(shown(agent.get(DESK, **query))) & all_ == (all_ if found is None else found)


def test_R51_every_message_says_who_read_it_and_when(visitor: Visitor, agent: Visitor) -> None:
    say(visitor, "Read me")
    page = agent.get(DESK, read="nobody")
    assert "Read me" in shown(page)
    agent.post(f"{DESK}/marks", do="read", shown=shown_ids(page))
    page = agent.get(DESK)
    assert re.search(r"Read by .*\d\d:\d\d", page.text)
    assert "Read me" not in shown(agent.get(DESK, read="nobody"))
    assert "Read me" not in shown(agent.get(DESK, read="me"))


def test_R51_marking_as_read_is_each_agents_own(
    visitor: Visitor, agent: Visitor, db: Database
) -> None:
    say(visitor, "For two agents")
    with db.write() as conn:
        other = conn.execute(select(case.c.user_id)).scalars().first()
        found = listening.page(conn, Wanted(words="agents"), limit=1)
        assert listening.mark_read(conn, [found[0].id], other or 0, NOW) == 1
        assert listening.mark_read(conn, [found[0].id, 10**12], other or 0, NOW) == 0
    assert "For two agents" not in shown(agent.get(DESK, read="nobody"))
    assert "For two agents" in shown(agent.get(DESK, read="me"))


def test_R51_new_words_of_the_same_visitor_are_unread_again(
    visitor: Visitor, agent: Visitor, db: Database
) -> None:
    for words in ("It lacks the cloud", "It lacks the cloud and tape"):
        vote = {"helped": "no", "words": words}
        visitor.client.post(
            "/en/kb/1042/vote", data=vote, headers={"Sec-Fetch-Site": "same-origin"}
        )
        page = agent.get(DESK, article="1042", read="nobody")
        assert shown(page)[0] == words
        agent.post(f"{DESK}/marks", do="read", shown=shown_ids(page))
    said = shown(agent.get(DESK, q="lacks"))
    assert said == ["It lacks the cloud and tape"]
    with db.read() as conn:
        assert listening.count(conn, Wanted(words="tape")) == 1


def test_R51_sorting_and_tagging(visitor: Visitor, agent: Visitor) -> None:
    say(visitor, "Sort me")
    id_ = boxes(agent.get(DESK, q="sort"))[0]
    agent.post(f"{DESK}/marks", do="tag", tag="Restore Slow", id=id_)
    agent.post(f"{DESK}/marks", do="kind", kind="compliment", id=[id_, "77777", "x"])
    assert shown(agent.get(DESK, tag="restore slow", kind="compliment")) == ["Sort me"]
    agent.post(f"{DESK}/marks", do="untag", tag="restore-slow", id=id_)
    assert shown(agent.get(DESK, tag="restore-slow")) == []
    said = agent.post(f"{DESK}/marks", do="tag", tag="!!", id=id_)
    assert "Write a tag of letters and digits" in said.text
    for bad in ({"do": "tag", "tag": "x"}, {"do": "kind", "kind": "odd", "id": id_}, {"id": id_}):
        assert "nothing was changed" in agent.post(f"{DESK}/marks", **bad).text


def test_R51_spam_is_deleted_after_a_second_look_with_its_vote_and_a_trail(
    visitor: Visitor, agent: Visitor, db: Database
) -> None:
    vote = {"helped": "no", "words": "Buy watches"}
    visitor.client.post("/en/kb/1042/vote", data=vote, headers={"Sec-Fetch-Site": "same-origin"})
    before = votes(db)
    id_ = boxes(agent.get(DESK, q="watches"))[0]
    page = agent.post(f"{DESK}/spam", id=id_, query="q=watches&page=//evil")
    assert "Buy watches" in page.text
    assert shown(agent.get(DESK, q="watches")) == ["Buy watches"]
    agent.post(f"{DESK}/spam", id=id_)
    assert "1 message deleted" in agent.post(f"{DESK}/spam", id=id_, sure="yes").text
    assert shown(agent.get(DESK, q="watches")) == []
    assert votes(db).not_helped == before.not_helped - 1
    with db.read() as conn:
        (event,) = audit.of_subject(conn, f"feedback:{id_}")
    assert (event.what, event.data) == ("feedback.deleted", {"kind": "content", "article": 1042})
    assert "nothing was changed" in agent.post(f"{DESK}/spam", id=id_, sure="yes").text


def test_R51_the_download_is_the_selection_and_runs_in_no_spreadsheet(
    visitor: Visitor, agent: Visitor
) -> None:
    say(visitor, '=HYPERLINK("http://x")', email="a@example.org")
    say(visitor, "+1, with “ñ” and\na second line", kind="compliment")
    answer = agent.client.get(f"{DESK}/feedback.csv?kind=suggestion")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="feedback.csv"'
    text = answer.get_data().decode("utf-8-sig")
    (row,) = (r for r in csv.DictReader(io.StringIO(text, newline="")) if "HYPER" in r["Message"])
    assert row["Message"] == '\'=HYPERLINK("http://x")'
    assert "a@example.org" not in text
    assert "second line" not in text
    every = agent.client.get(f"{DESK}/feedback.csv").get_data().decode("utf-8-sig")
    assert "'+1, with “ñ” and\na second line" in every


def test_R51_pages_go_on_to_older_and_newer(visitor: Visitor, agent: Visitor, db: Database) -> None:
    with db.write() as conn:
        for number in range(60):
            voices.add_feedback(
                conn, kind="suggestion", text=f"paging {number:02}", lang="en", now=NOW
            )
    wanted = [f"paging {number:02}" for number in reversed(range(60))]
    page = agent.get(DESK, q="paging")
    found = shown(page)
    for _ in range(2):
        page = agent.follow("Older")
        found += shown(page)
    assert found == wanted
    assert "Older" not in [text for text, _ in page.links]
    assert shown(agent.follow("Newer")) == wanted[25:50]
    assert shown(agent.follow("Newer")) == wanted[:25]
    assert "Newer" not in [text for text, _ in agent.page.links]  # type: ignore[union-attr]


def test_R51_trends_are_charts_with_their_numbers_beside(
    visitor: Visitor, agent: Visitor, db: Database
) -> None:
    say(visitor, "One")
    say(visitor, "Two")
    fault(visitor, "Three", "unclear")
    headers = {"Sec-Fetch-Site": "same-origin"}
    visitor.client.post("/en/kb/1042/vote", data={"helped": "yes"}, headers=headers)
    for query in ({}, {"by": "month"}):
        page = agent.get(f"{DESK}/trends", **query)
        assert len(re.findall(r'<svg class="trend"[^>]*role="img"', page.html)) >= 6
        assert re.search(r"<title[^>]*>Suggestion: .* 2, 2 in all</title>", page.html)
        assert "unclear" in page.text
        assert "% helped" in page.html
    page = agent.get(f"{DESK}/trends", spoken="es", product="backup-server", by="x")
    assert "Suggestion: 0 in all" in page.html
    assert shown(agent.get(agent.get(f"{DESK}/trends").link("Suggestion"))) == ["Two", "One"]


def test_articles_that_answer_cases_are_listed_with_how_often(agent: Visitor, db: Database) -> None:
    with db.read() as conn:
        first, second = conn.execute(select(case.c.number).limit(2)).scalars()
    for number, ids in ((first, (1042, 1090)), (second, (1042,))):
        body = " ".join(f"http://localhost/en/kb/{id_}-x" for id_ in ids)
        note_articles(db, "http://localhost", number, body, NOW)
    page = agent.get("/en/desk/article-uses")
    links = [href for _text, href in page.links if re.match(r"/en/kb/\d+-", href)]
    assert [href.split("-")[0] for href in links] == ["/en/kb/1042", "/en/kb/1090"]
    assert "/en/kb/1042" in agent.get("/en/desk/article-uses", sort="last", days="28").html
    assert agent.get("/en/desk/article-uses", days="3", page="x" * 9, sort="?").status == 200
    assert "No case was answered" in agent.get("/en/desk/article-uses", page="9").text


def test_R51_a_report_needs_its_sort_and_words_and_is_no_vote(
    visitor: Visitor, agent: Visitor, db: Database
) -> None:
    before = votes(db)
    page = fault(visitor, " ", "nonsense")
    assert page.title.startswith("Error:")
    assert "Write a few words" in page.text
    page = fault(visitor, "Kept words", "")
    assert "Kept words" in page.html
    assert "no individual reply is promised" in fault(visitor, "The link is dead", "broken").text
    assert visitor.get("/en/kb/999999/report", expect=404).status == 404
    assert votes(db) == before
    assert shown(agent.get(DESK, tag="broken")) == ["The link is dead"]


def test_R51_no_promise_of_a_reply_is_made_anywhere(visitor: Visitor) -> None:
    for url in ("/en/feedback", "/en/kb/1042/report"):
        assert "cannot promise an individual reply" in visitor.get(url).text


def test_nobody_can_bury_the_queue_in_reports(visitor: Visitor) -> None:
    pages = [fault(visitor, f"Report {number}") for number in range(31)]
    assert "Too many messages" in pages[-1].text
    assert "Report 30" in pages[-1].html
