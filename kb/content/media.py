"""Pictures, videos and files beside articles: their kind, content hash and size in pixels."""

import posixpath
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from struct import unpack
from urllib.parse import quote, unquote

KINDS = {
    *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".webm", ".mp4", ".vtt"),
    *(".pdf", ".txt", ".log", ".csv", ".zip", ".reg", ".ini", ".ps1", ".sh"),
}
"""What is served; the server sends each with its own type and `nosniff`."""

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One file as it is served: its path in the site, content hash, name, pixels (0: unknown);
    `flaw` says why a file with the name of a picture is none."""

    path: str
    hash: str
    name: str
    width: int = 0
    height: int = 0
    flaw: str = ""

    @property
    def url(self) -> str:
        return f"/media/{self.hash}/{quote(self.name)}"


def beside(folder: str, target: str) -> str:
    """Return the site path of a file that a text in `folder` names, `..` resolved."""
    return posixpath.normpath(f"{folder}/{unquote(target).partition('#')[0]}")


def read_media(root: Path, path: str) -> MediaFile:
    """Hash one file and look up its pixels; raises OSError."""
    raw = (root / path).read_bytes()
    width, height = _pixels(raw)
    name = path.rpartition("/")[2]
    flaw = _flaw(raw) if path.lower().endswith(PICTURES) else ""
    return MediaFile(path, blake2b(raw, digest_size=12).hexdigest(), name, width, height, flaw)


def _flaw(raw: bytes) -> str:
    """Tell why these bytes are no picture of any kind; '' for a picture, whatever its ending."""
    if raw.startswith(b"version https://git-lfs"):
        return "is only a pointer of Git LFS"
    if not raw:
        return "is empty"
    is_picture = (
        raw.startswith((b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8"))
        or raw[8:12] in {b"WEBP", b"avif", b"avis", b"mif1"}
        or b"<svg" in raw
    )
    return "" if is_picture else "is no picture that a browser shows"


def _pixels(raw: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG from its header; zeros for anything else."""
    if raw[:8] == b"\x89PNG\r\n\x1a\n" and len(raw) >= 24:
        return unpack(">II", raw[16:24])
    if raw[:4] == b"GIF8" and len(raw) >= 10:
        return unpack("<HH", raw[6:10])
    if raw[:2] == b"\xff\xd8":
        return _jpeg_pixels(raw)
    return 0, 0


def _jpeg_pixels(raw: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(raw) and raw[at] == 0xFF:
        marker = raw[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = unpack(">HH", raw[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return 0, 0
