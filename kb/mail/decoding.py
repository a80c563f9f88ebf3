"""From the bytes of real mail to words: charsets that lie, headers against the rules."""

import binascii
import codecs
import quopri
import re

_HEADER = 4000  # characters of a header that are read
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t]+(?==\?)")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_SPECIAL = {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem"}
_MEANT = {  # what is declared, and what is meant by it (as browsers read it)
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}


def decoded(content: bytes, charset: str | None) -> str:
    """Read bytes as the text they most likely are; never fails. UTF-8 that is valid is UTF-8,
    whatever was declared, unless that charset writes letters as plain ASCII (as ISO-2022-JP)."""
    codec = _codec(charset)
    if codec not in {"utf-7", "hz"} and not codec.startswith("iso2022"):
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    wanted = _MEANT.get(codec, codec)
    try:
        return content.decode(wanted)
    except (UnicodeError, LookupError):
        return content.decode("cp1252" if wanted == "utf-8" else wanted, "replace")


def _codec(charset: str | None) -> str:
    """The name of a text codec that Python knows; UTF-8 for one that it does not."""
    name = (charset or "utf-8").strip().strip("\"'").lower()
    name = re.sub(r"^(x-|cs)(?=[a-z])", "", name).removesuffix("-i")
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return "utf-8"
    text = getattr(info, "_is_text_encoding", True)
    return info.name if text and info.name not in _SPECIAL else "utf-8"


def header_words(raw: str) -> str:
    """Read a header as words: unfolded, encoded words decoded, raw 8-bit guessed; one line."""
    unfolded = _BETWEEN.sub(r"\1", " ".join(eight_bit(raw[:_HEADER]).split()))
    return " ".join(clean(_joined(unfolded)).split())


def eight_bit(raw: str) -> str:
    """Read the bytes outside ASCII that a parser has kept as lone surrogates."""
    if not any("\udc80" <= char <= "\udcff" for char in raw):
        return raw
    return decoded(raw.encode("utf-8", "surrogateescape"), None)


def _joined(text: str) -> str:
    """Decode encoded words; neighbours in one charset together, since some senders cut letters."""
    parts: list[str] = []
    held, held_charset, at = b"", "", 0
    for found in _WORD.finditer(text):
        between, charset = text[at : found.start()], found[1].partition("*")[0].lower()
        if between or charset != held_charset:
            parts += [decoded(held, held_charset), between]
            held = b""
        held += _bytes(found[2], found[3])
        held_charset, at = charset, found.end()
    return "".join([*parts, decoded(held, held_charset), text[at:]])


def _bytes(encoding: str, text: str) -> bytes:
    plain = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(plain, header=True)
    return base64_bytes(plain)


def base64_bytes(text: bytes) -> bytes:
    """Decode base64 that may be cut off, padded wrongly or broken by strange characters."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def clean(text: str) -> str:
    """Make line ends the same and take out characters that cannot be seen or kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", lines).encode("utf-8", "replace").decode("utf-8")


def unflowed(text: str, *, delsp: bool) -> str:
    """Join the lines that format=flowed broke (RFC 3676)."""
    done: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        body = words[:-1] if flows and delsp else words
        if open_depth == depth:
            done[-1] += body
        else:
            done.append(f"{'>' * depth} {body}" if depth else body)
        open_depth = depth if flows else None
    return "\n".join(done)
