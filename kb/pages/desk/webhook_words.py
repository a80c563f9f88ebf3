"""Why a webhook's target did not take an event, in the reader's language; it is kept in English,
since the worker that finds it out speaks to nobody."""

import re

from kb.pages.texts import gettext as _

_SOCKET = re.compile(r"\[Errno -?\d+\] ?")  # a number that says nothing to people


def trouble_words(kept: str) -> str:
    """Say what was kept of a failure; what is not known here stays as it is."""
    kept = _SOCKET.sub("", kept)
    plain = {
        "the name leads to an address that is not public": _(
            "The name leads to an address that is not public."
        ),
        "without https only to the networks that are allowed": _(
            "Without https, only networks that the operator allows are told."
        ),
    }
    if kept in plain:
        return plain[kept]
    head, _colon, rest = kept.partition(": ")
    told = {
        "the address is refused": _("The address is refused: %(why)s", why=rest),
        "the name cannot be resolved": _("The name is not known: %(why)s", why=rest),
        "it cannot be reached": _("It cannot be reached: %(why)s", why=rest),
        "switched off": _("Switched off. %(why)s", why=trouble_words(rest) if rest else ""),
    }
    return told.get(head) or _answered(kept)


def _answered(kept: str) -> str:
    if found := re.fullmatch(r"no answer within (\d+) seconds", kept):
        return _("No answer within %(num)s seconds.", num=found[1])
    if found := re.fullmatch(r"it answers (\d+)", kept):
        return _("It answers with status %(status)s.", status=found[1])
    if found := re.fullmatch(r"it answers (\d+); redirects are not followed", kept):
        return _("It answers with status %(status)s; redirects are not followed.", status=found[1])
    return kept
