"""Small pictures of attached images, drawn anew so that nothing of the sent file is in them.

Whoever sends a picture decides what is in the file; so only its four kinds are read, its size is
looked at before anything is unpacked, and one is drawn at a time."""

import io
import os
import tempfile
import threading
import warnings
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kb.store.file_store import FileStore

KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
MEDIA_TYPE = "image/webp"
EDGE = 320  # pixels of the longer side
PIXELS = 40_000_000  # of the sent picture; more is a bomb or no screenshot
_FOLDER = "thumbnails"
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError)
_one_at_a_time = threading.Lock()


def thumbnail(files: FileStore, sha256: str, media_type: str) -> Path | None:
    """Return the small picture of a stored image, drawn when it is first asked for; None for what
    is no picture, is broken, or too large to be unpacked."""
    kind = KINDS.get(media_type)
    if kind is None:
        return None
    path = files.root / _FOLDER / sha256
    if path.is_file():
        return path
    with _one_at_a_time:
        drawn = _draw(files.path(sha256), kind)
    return None if drawn is None else _keep(path, drawn)


def _draw(source: Path, kind: str) -> bytes | None:
    """Draw it anew, the first frame only, without metadata and the way up it was taken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=(kind,)) as picture:
                if picture.width * picture.height > PIXELS:
                    return None
                picture.draft("RGB", (EDGE, EDGE))  # a large photo is unpacked small
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((EDGE, EDGE))
                small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
                target = io.BytesIO()
                small.save(target, "WEBP", quality=80, exif=b"", icc_profile=b"")
                return target.getvalue()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_BROKEN):
        return None


def _keep(path: Path, drawn: bytes) -> Path:
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(drawn)
        Path(name).rename(path)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
    return path
