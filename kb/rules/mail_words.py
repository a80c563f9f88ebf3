"""Parting what somebody wrote from what their mail program repeated below it.

Nothing is dropped: the repeated part is kept to be folded away. Each pattern looks at one line of
limited length, so hostile text costs no more than long text."""

import re
from dataclasses import dataclass

_LINE = 400  # characters of a line that are looked at

_WROTE = re.compile(  # "On Monday … wrote:", "El lunes … escribió:" and six more languages
    r"^(on|el|am|le|il|em|no dia|op|den|w dniu)\b.{4,300}"
    r"(wrote|escribi[oó]|schrieb|a écrit|ha scritto|escreveu|schreef|skrev|napisał\(a\))"
    r"[^:]{0,80}:\s*$",
    re.IGNORECASE,
)
_BEGAN = re.compile(r"^(on|el|am|le|il|em|no dia|op|den|w dniu)\b.*\d", re.IGNORECASE)
_RULE = re.compile(
    r"^[\s>]*-{2,}\s*(original message|mensaje original|ursprüngliche nachricht|"
    r"message d'origine|messaggio originale|mensagem original|oorspronkelijk bericht|"
    r"forwarded message|mensaje reenviado)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*?(from|de|von|da|van|från|fra)\s*:\*?\s*\S", re.IGNORECASE)
_SENT = re.compile(
    r"^\*?(sent|date|enviado( el)?|fecha|gesendet|datum|envoyé|inviato|data|verzonden|skickat"
    r"|to|para|an|à|a|subject|asunto|betreff|objet|oggetto)\s*:\*?",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_NOTE = re.compile(
    r"\s*(?:#not[ea]\b:?|(?:internal note|nota interna|not[ea])\s*(?::|$))", re.IGNORECASE
)
_UNDERLINE = re.compile(r"^_{10,}\s*$")


@dataclass(frozen=True, slots=True)
class Folded:
    """`own` is what was written, `rest` the quotation and signature below it."""

    own: str
    rest: str


def fold(text: str) -> Folded:
    """Part a mail's text into what the sender wrote and the rest.

    Answers between quoted lines stay together with them, since apart they make no sense; a mail
    that is nothing but a quotation is left whole."""
    lines = text.split("\n")
    end = _own_end(lines)
    own, rest = "\n".join(lines[:end]).strip(), "\n".join(lines[end:]).strip()
    return Folded(own, rest) if own else Folded(text.strip(), "")


@dataclass(frozen=True, slots=True)
class AgentWords:
    """What an agent wrote: for the customer, or as an internal note."""

    body: str
    is_note: bool


def agent_words(text: str) -> AgentWords | None:
    """Read an agent's mail: only what stands above the quotation, since that may be internal;
    None when nothing does.

    With “Note” or “Nota” as the first word of the first line, by itself or before a colon, and
    with `#note` or `#nota` in front, it is an internal note. What is left behind that line, or
    that word, is the note."""
    lines = text.split("\n")
    own = "\n".join(lines[: _own_end(lines)]).strip()
    if all(line.lstrip().startswith(">") or not line.strip() for line in own.split("\n")):
        return None
    first, _, rest = own.partition("\n")
    marked = _NOTE.match(first[:_LINE])
    if marked is None:
        return AgentWords(own, is_note=False)
    body = f"{first[marked.end() :].strip()}\n{rest}".strip()
    return AgentWords(body, is_note=True) if body else None


def _own_end(lines: list[str]) -> int:
    """Return the line at which the repeated part begins; the number of lines when none does."""
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line) or _RULE.match(line[:_LINE]):
            return at
        if _header_block(lines, at):
            return at - 1 if at and _UNDERLINE.match(lines[at - 1]) else at
        length = _attribution(lines, at)
        if length and _only_quote(lines, at + length):
            return at
    return _trailing_quote(lines)


def _header_block(lines: list[str], at: int) -> bool:
    """Outlook repeats the headers: From, then Sent, To or Subject on the lines that follow."""
    if not _FROM.match(lines[at][:_LINE]):
        return False
    following = [line for line in lines[at + 1 : at + 5] if _SENT.match(line[:_LINE])]
    return len(following) >= 2


def _attribution(lines: list[str], at: int) -> int:
    """Return over how many lines (1 to 3) “On … wrote:” goes from here on; 0 when it is none."""
    if not _BEGAN.match(lines[at][:_LINE]):
        return 0
    joined = ""
    for length, line in enumerate(lines[at : at + 3], start=1):
        joined = f"{joined} {line.strip()}".strip()
        if _WROTE.match(joined[:_LINE]):
            return length
    return 0


def _only_quote(lines: list[str], at: int) -> bool:
    """Tell whether every line from here to the end (or to a signature) is quoted."""
    said = [line for line in lines[at:] if line.strip()]
    for number, line in enumerate(said):
        if _SIGNATURE.match(line):
            said = said[:number]
            break
    return all(line.lstrip().startswith(">") for line in said)


def _trailing_quote(lines: list[str]) -> int:
    """Return where the quoted lines at the very end begin."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return end
