"""What an agent writes by mail: a public reply, or an internal note (R48)."""

from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_work import Answer, Who, add_note_in, reply_in
from kb.actions.mail_room import Mailroom, Understood
from kb.rules.cases import Actor
from kb.rules.mail_words import agent_words


def work_by_mail(
    conn: Connection, room: Mailroom, known: Understood, agent_id: int, number: int, now: datetime
) -> tuple[int | None, str]:
    """Say an agent's words in a case as the desk would; returns the case they are in, None when
    it takes them not, and why. All of the files go along or nothing is said, so that no customer
    reads of a file that is not there."""
    said = agent_words(known.read.text)
    if said is None:
        return None, "nothing said"
    who, form = Who(Actor.AGENT, agent_id), f"mail:{known.mail.id}"
    files = known.files.taken
    if known.files.left_out:
        return None, ", ".join(known.files.left_out)
    if said.is_note:
        answer = add_note_in(conn, who, number, said.body, submission_id=form, now=now, files=files)
    else:
        answer = reply_in(
            conn,
            room.policy,
            room.letters,
            who,
            number,
            said.body,
            submission_id=form,
            now=now,
            files=files,
        )
    done = answer in {Answer.DONE, Answer.AGAIN}
    return (number, "") if done else (None, str(answer))
