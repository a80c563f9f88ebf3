"""Closing a case that support does not cover: its paid incident goes back (R24, R28)."""

from datetime import datetime

from kb.actions.case_letters import mail_requester
from kb.actions.case_promise import settle
from kb.actions.case_steps import Answer, Who, note_change, open_to, pass_through
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind, path
from kb.rules.policy import Policy
from kb.store import Database, audit, conversation, licences, order_list


def close_out_of_scope(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    reason: str,
    now: datetime,
) -> Answer:
    """Close a case as outside what support covers, with a reason the customer reads. A paid
    incident that it used is an unused one again, once, in the same transaction."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_ALLOWED
    if not reason.strip():
        return Answer.EMPTY
    with db.write() as conn:
        case = open_to(conn, who, number)
        if case is None:
            return Answer.NOT_FOUND
        steps = path(case.state, CaseState.CLOSED, Actor.AGENT)
        if not steps:
            return Answer.CLOSED if steps == () else Answer.NOT_ALLOWED
        conversation.say(
            conn, number, MessageKind.REPLY, Actor.AGENT, who.user_id, reason.strip(), now
        )
        note_change(conn, number, who, "scope", "in", "out", now)
        pass_through(conn, case, steps, who, now)
        credit_id = licences.give_back_credit(conn, number)
        if credit_id is not None and order_list.is_given_back(conn, credit_id):
            licences.void_credit(conn, credit_id, now)  # its money went back: nothing is owed
            credit_id = None
        if credit_id is not None:
            subject = f"credit:{credit_id}"
            audit.record(conn, who.user_id, "credit.back", subject, now, case=number)
        mail_requester(
            conn, letters, "case-out-of-scope", case, now,
            reason=reason.strip(), credit=credit_id is not None,
        )  # fmt: skip
        settle(conn, policy, number, now)
    return Answer.DONE
