"""Which files may be sent with a case: kinds by content, limits, names that are safe to show."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from kb.rules.accounts import Limit

MESSAGE_FILES = 5  # files with one message
FILE_BYTES = 10 * 1024 * 1024
CASE_BYTES = 25 * 1024 * 1024  # all files of a case
HEAD_BYTES = 64 * 1024  # so much of a file is looked at to tell its kind
FILES_BY_ACCOUNT = Limit(200, timedelta(hours=1))  # what is never attached lies there for a day
NAME_LENGTH = 100  # characters of a name that are kept

TEXT = "text/plain"
ZIP = "application/zip"

# The endings each kind may have, the usual one first. Office documents are ZIP containers.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
    ZIP: ("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"),
    "application/gzip": ("gz", "tgz"),
    TEXT: ("txt", "log", "csv", "json", "xml", "yaml", "yml", "ini", "conf", "cfg", "md", "trace"),
}

_OFFICE = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
_SAME = {"image/apng": "image/png", "application/epub+zip": ZIP}
_READ_BY_PROGRAMS = {"application/rtf", "application/postscript"}  # text, but not to be read
_MARKUP = re.compile(  # a page or drawing; a log that quotes one further on is still a log
    r"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+"
    r"<(?:!doctype\s+(?:html|svg)|html|head|body|script|iframe|svg|\w+:svg)\b",
    re.IGNORECASE | re.DOTALL,
)
_PROLOG = 4096  # characters in which a page shows what it is
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # not white space, not ESC of colours
_NOT_ASCII_SHARE = 0.3
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, bidi and other unseen characters
_NOT_IN_NAMES = re.compile(r'[<>:"|?*/\\]')


class UploadFlaw(StrEnum):
    """Why a file is not taken. GONE: it had been kept for a form that came back too late."""

    KIND = "kind"
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    CASE_FULL = "case-full"
    GONE = "gone"
    TOO_OFTEN = "too-often"


def media_type(head: bytes, detected: str | None) -> str | None:
    """Return the media type of an allowed kind of file, or None. `head` is its beginning, up to
    HEAD_BYTES; `detected` is what its signature says, if it has one."""
    if detected is not None:
        kind = ZIP if detected.startswith(_OFFICE) else _SAME.get(detected, detected)
        if kind in ENDINGS:
            return kind
    # Two letters make some signatures (“MZ”, “BM”): a log may begin so and still be a log.
    return TEXT if detected not in _READ_BY_PROGRAMS and _is_harmless_text(head) else None


def flaw(size: int, kind: str | None, *, before: int, room: int) -> UploadFlaw | None:
    """Return why a file is refused, or None: its size in bytes, its kind, how many files the
    message has already, how many bytes the case still takes."""
    if before >= MESSAGE_FILES:
        return UploadFlaw.TOO_MANY
    if size == 0:
        return UploadFlaw.EMPTY
    if size > FILE_BYTES:
        return UploadFlaw.TOO_LARGE
    if kind is None:
        return UploadFlaw.KIND
    return UploadFlaw.CASE_FULL if size > room else None


def words_for(names: Iterable[str]) -> str:
    """Return what a message of files alone says wherever only words are shown: their names."""
    return ", ".join(names)


def names_beside(body: str, names: Iterable[str]) -> str:
    """Return the names of a message's files to tell beside its words; nothing where the words are
    these names."""
    told = words_for(names)
    return "" if told == body.strip() else told


def display_name(sent: str, kind: str | None = None) -> str:
    """Return the name a file is shown and downloaded under: no path, no unseen characters, not
    too long, and with an ending of its kind, so that no program is started by opening it."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent))[-1]
    seen = "".join(" " if char in "\t\r\n" else char for char in last)
    seen = "".join(char for char in seen if unicodedata.category(char) not in _UNSEEN)
    name = " ".join(_NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    if kind is None:
        return name[:NAME_LENGTH].strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot or ending.lower() not in ENDINGS[kind]:
        stem, ending = name, ENDINGS[kind][0]
    return f"{stem[: NAME_LENGTH - len(ending) - 1].strip('. ') or 'file'}.{ending}"


def _is_harmless_text(head: bytes) -> bool:
    text = _text(head)
    return text is not None and not _CONTROLS.search(text) and not _MARKUP.match(text[:_PROLOG])


def _text(head: bytes) -> str | None:
    """Read the beginning of a text, which may end within a character. A log in an old Windows
    code page is text too: mostly ASCII, no control characters."""
    if head.startswith(_UTF16):
        return _decoded(head, "utf-16")
    read = _decoded(head, "utf-8-sig")
    if read is None and sum(byte > 127 for byte in head) <= _NOT_ASCII_SHARE * len(head):
        return head.decode("latin-1")
    return read


def _decoded(head: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
