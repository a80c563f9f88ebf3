"""Mail in words: what it is, what became of it and why."""

from kb.pages.texts import gettext as _
from kb.rules.mail_threading import Why
from kb.store.mail_in import MailInState


def state_words(state: MailInState) -> str:
    """Say what became of a mail."""
    return {
        MailInState.NEW: _("Not sorted yet"),
        MailInState.HELD: _("Held"),
        MailInState.JOINED: _("Joined a case"),
        MailInState.OPENED: _("Became a case"),
        MailInState.ANSWERED: _("Pointed to the site"),
        MailInState.FILED: _("Left alone"),
        MailInState.BOUNCE: _("Came back"),
        MailInState.DISCARDED: _("Discarded"),
    }[state]


def why_words(why: str) -> str:
    """Say why; a reason that is not known is shown as it is."""
    texts = {
        Why.TOKEN: _("Its mark and its sender fit the case."),
        Why.ENTITLED: _("Its sender is entitled to a case by e-mail."),
        Why.STRANGER: _("No account has the sender's address."),
        Why.NOT_ON_CASE: _("It has a case's mark, but its sender is not on that case."),
        Why.FORGED: _("It has a mark whose signature is wrong or damaged."),
        Why.TWO_CASES: _("It has the marks of several cases."),
        Why.NO_SUCH_CASE: _("Its mark is of a case that is not here."),
        Why.CHANGED_SUBJECT: _(
            "It answers a case's mail under another subject, so it may be another problem."
        ),
        Why.NUMBER_ONLY: _("Its subject has a case number without the mark."),
        Why.OVER: _("Its case is closed or past the guarantee."),
        Why.AGENT: _("An agent wrote it, and our mail server confirms the sender."),
        Why.AGENT_NOT_PROVEN: _(
            "It comes from an agent's address, and our mail server does not confirm that."
        ),
        Why.AGENT_WITHOUT_CASE: _("An agent wrote it, and it belongs to no case."),
        Why.NOT_ENTITLED: _("Its sender has an account, but no support by e-mail."),
        Why.CONSENT: _("A case needs its sender's consent first; the answer points to the form."),
        Why.UNREADABLE: _("It could not be understood; the source has all of it."),
        Why.ENCRYPTED: _("It is encrypted."),
        Why.TOO_LARGE: _(
            "It is larger than we take. Only its head is here; the whole is in the mailbox."
        ),
        Why.EMPTY: _("It has neither words nor files."),
        Why.NO_SENDER: _("It does not come from exactly one address."),
        Why.NOT_PROVEN: _("Our mail server found that its sender is false."),
        Why.TOO_MANY: _("Its sender has sent too many mails within an hour."),
        Why.CASE_TOO_MANY: _("Its case has had too many mails within an hour."),
        Why.AUTOMATIC: _("A machine wrote it: an absence note, a list, a report."),
        Why.LOOP: _("It is our own mail, come back."),
        Why.BOUNCED: _("A server could not deliver one of our mails."),
    }
    return texts[Why(why)] if why in set(Why) else why
