"""Pictures for tests, made of one colour."""

from io import BytesIO

from PIL import Image


def png(width: int, height: int) -> bytes:
    """Return a PNG of this size."""
    written = BytesIO()
    Image.new("RGB", (width, height), "#0b5a68").save(written, "PNG")
    return written.getvalue()
