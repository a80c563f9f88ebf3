"""Pictures that agents put into articles: known by their content, looked at, and drawn anew.

What a picture file holds besides its picture (where it was taken, programs, hidden pages) does not
come into the repository. Moving pictures stay as they are when they can be read to their end.
"""

import hashlib
import io
import threading
import warnings
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError

from kb.content.markdown.slugs import slug

MOST_BYTES = 5_000_000
MOST_PIXELS = 25_000_000
MOST_FRAMES = 200
_ENDINGS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError)
_NAME_LENGTH = 50
_one_at_a_time = threading.Lock()


class PictureFlaw(StrEnum):
    """Why a picture is not taken."""

    EMPTY = "empty"
    KIND = "kind"
    TOO_LARGE = "too-large"
    TOO_MANY_PIXELS = "too-many-pixels"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it goes into the repository; the same content has the same name."""

    name: str
    content: bytes


def drawn_anew(sent_name: str, raw: bytes) -> Picture | PictureFlaw:
    """Check a picture by its content and draw it anew."""
    if not raw:
        return PictureFlaw.EMPTY
    if len(raw) > MOST_BYTES:
        return PictureFlaw.TOO_LARGE
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=tuple(_ENDINGS)) as picture:
                kind = str(picture.format)
                frames = int(getattr(picture, "n_frames", 1))
                if picture.width * picture.height > MOST_PIXELS:
                    return PictureFlaw.TOO_MANY_PIXELS
                if frames > MOST_FRAMES:
                    return PictureFlaw.TOO_LARGE
                content = raw if frames > 1 and _reads(picture, frames) else _drawn(picture, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return PictureFlaw.TOO_MANY_PIXELS
    except _BROKEN:
        return PictureFlaw.KIND
    if len(content) > MOST_BYTES:
        return PictureFlaw.TOO_LARGE
    return Picture(_name(sent_name, content, _ENDINGS[kind]), content)


def _reads(picture: Image.Image, frames: int) -> bool:
    for number in range(frames):
        picture.seek(number)
        picture.load()
    return True


def _drawn(picture: Image.Image, kind: str) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    target = io.BytesIO()
    if kind == "JPEG":
        upright.convert("RGB").save(target, kind, quality=90, exif=b"", icc_profile=None)
    elif kind == "WEBP":
        upright.save(target, kind, quality=90, exif=b"", icc_profile=None)
    else:
        plain = upright.copy()
        plain.info = {k: v for k, v in upright.info.items() if k == "transparency"}
        plain.save(target, kind, optimize=kind == "PNG")
    return target.getvalue()


def _name(sent: str, content: bytes, ending: str) -> str:
    """A name of plain letters that belongs to this content alone."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    words = slug(last.rpartition(".")[0] or last)[:_NAME_LENGTH].strip("-") or "picture"
    return f"{words}-{hashlib.sha256(content).hexdigest()[:8]}.{ending}"
