"""What the server that took a mail in found out about its sender (RFC 8601)."""

import re
from collections.abc import Sequence
from enum import StrEnum

_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')  # quoted words and comments say nothing
_FROM = re.compile(r"\bheader\.from=(\S+)")


class Proof(StrEnum):
    """PASS: the domain of the sender vouches for the mail; FAIL: it says that the mail is false;
    NONE: nobody whom we believe has said anything."""

    PASS = "pass"  # noqa: S105 # not a password
    FAIL = "fail"
    NONE = "none"


def proof_of(lines: Sequence[str], authserv: str, sender: str) -> Proof:
    """Read the `Authentication-Results` lines of the server called `authserv`, and of no other:
    anybody can write such a line. One `dmarc=fail` is enough to fail; `dmarc=pass` counts when it
    is the sender's domain that it speaks of."""
    found = [_dmarc(line, authserv.lower(), sender) for line in lines] if authserv else []
    if Proof.FAIL in found:
        return Proof.FAIL
    return Proof.PASS if Proof.PASS in found else Proof.NONE


def _dmarc(line: str, authserv: str, sender: str) -> Proof:
    name, *results = _ASIDE.sub(" ", line.lower()).split(";")
    if name.split()[:1] != [authserv]:
        return Proof.NONE
    for result in (one.strip() for one in results):
        if re.match(r"dmarc\s*=\s*fail\b", result):
            return Proof.FAIL
        if re.match(r"dmarc\s*=\s*pass\b", result) and _speaks_of(result, sender):
            return Proof.PASS
    return Proof.NONE


def _speaks_of(result: str, sender: str) -> bool:
    """Tell whether a result is about the sender's domain; one that names none is about From."""
    named = _FROM.search(result)
    return named is None or named[1] == sender.lower().rpartition("@")[2]
