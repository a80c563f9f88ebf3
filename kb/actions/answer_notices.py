"""Telling agents what a customer has answered: whose case it is, or who has had to do with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from kb.actions.case_steps import Who
from kb.actions.limits import count_within
from kb.actions.mail_queue import queue
from kb.mail import Letters, fingerprint
from kb.rules.accounts import Limit
from kb.rules.cases import MessageKind
from kb.rules.chat import goes_by_mail
from kb.rules.mentions import mentioned
from kb.store import chats, conversation, users
from kb.store.cases import Case
from kb.store.users import User

TO_ONE = Limit(20, timedelta(hours=1))  # of one case to one reader; the desk has the rest


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who is told; an agent has an `id`, the queue's mailbox has none."""

    email: str
    lang: str
    id: int = 0


def tell_agents(
    conn: Connection,
    letters: Letters,
    case: Case,
    who: Who,
    body: str,
    now: datetime,
    files: str = "",
) -> None:
    """Mail a customer's answer to the agent whose case it is. In a case of nobody: to those who
    wrote in it or were named in its notes, else to the mailbox of the queue, if the site has one.

    Each once, nobody of their own words, and nobody who reads them in the chat just now. `files`
    are the names of what came with it."""
    if not goes_by_mail(chats.state_of(conn, case.number)):
        return
    author = users.by_id(conn, who.user_id) if who.user_id else None
    for reader in _readers(conn, letters, case):
        told = f"answer-told:{case.number}:{reader.id}"
        if reader.id == who.user_id or not count_within(conn, told, TO_ONE, now):
            continue
        _write(conn, letters, reader, case, author.name if author else "", body, files, now)


def _readers(conn: Connection, letters: Letters, case: Case) -> Iterator[_Reader]:
    agents = {one.id: one for one in users.agents(conn)}
    concerned = {case.assignee_id} & set(agents) or _involved(conn, case.number, agents)
    if not concerned:
        if letters.queue_email and letters.queue_email.lower() != letters.mailbox.lower():
            yield _Reader(letters.queue_email, letters.queue_lang)
        return
    for id_ in sorted(one for one in concerned if one is not None):
        if agents[id_].mail_answers:
            yield _Reader(agents[id_].email, agents[id_].lang, id_)


def _involved(conn: Connection, number: int, agents: dict[int, User]) -> set[int | None]:
    """The agents who wrote in a case or were named in a note of it."""
    names = {id_: (one.name, one.email) for id_, one in agents.items()}
    found: set[int | None] = set()
    for message in conversation.messages_of(conn, number, (MessageKind.REPLY, MessageKind.NOTE)):
        found.add(message.author_id)
        if message.kind is MessageKind.NOTE:
            found |= mentioned(message.body, names)
    return found & set(agents)


def _write(
    conn: Connection,
    letters: Letters,
    reader: _Reader,
    case: Case,
    customer: str,
    body: str,
    files: str,
    now: datetime,
) -> None:
    letter = letters.write(
        "agent-answer",
        reader.lang,
        reader.email,
        path=f"desk/cases/{case.number}",
        case=case.number,
        title=case.title,
        name=customer,
        body=body.strip(),
        files=files,
        unassigned=case.assignee_id is None,
        choice=bool(reader.id),
    )
    if reader.id:  # an agent may answer it: the mark says for which case
        reply_to = fingerprint.reply_address(letters.secret, case.number, letters.mailbox)
        letter = replace(letter, headers={**letter.headers, "Reply-To": reply_to})
    queue(conn, letter, now)
