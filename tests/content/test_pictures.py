"""Pictures for articles are known by content, never by name, and nothing else comes with them."""

import io
import zlib
from struct import pack

import pytest
from PIL import Image

from kb.content.git_commits import checked_path
from kb.content.pictures import MOST_BYTES, Picture, PictureFlaw, drawn_anew


def encoded(kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 6), (200, 30, 30)).save(target, kind, **options)
    return target.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


def bomb() -> bytes:
    """A small PNG file that says it is 50,000 pixels wide and high."""
    head = chunk(b"IHDR", pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000)))


@pytest.mark.parametrize(
    ("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_the_ending_is_that_of_the_content(kind: str, ending: str) -> None:
    made = drawn_anew("Captura de PANTALLA 1.svg", encoded(kind))
    assert isinstance(made, Picture)
    assert made.name.startswith("captura-de-pantalla-1-")
    assert made.name.endswith(f".{ending}")
    assert drawn_anew("Captura de PANTALLA 1.svg", encoded(kind)) == made


@pytest.mark.parametrize(
    ("raw", "flaw"),
    [
        (b"", PictureFlaw.EMPTY),
        (b"x" * (MOST_BYTES + 1), PictureFlaw.TOO_LARGE),
        (bomb(), PictureFlaw.TOO_MANY_PIXELS),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
         PictureFlaw.KIND),
        (b"<html><script>x</script>", PictureFlaw.KIND),
        (b"PK\x03\x04" + b"\0" * 60, PictureFlaw.KIND),
        (encoded()[:40], PictureFlaw.KIND),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, PictureFlaw.KIND),
        (b"GIF89a" + b"\1\0" * 4, PictureFlaw.KIND),
    ],
)  # fmt: skip
def test_what_is_no_sound_picture_is_refused(raw: bytes, flaw: PictureFlaw) -> None:
    assert drawn_anew("a.png", raw) is flaw


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Secret-Place"
    jpeg = encoded("JPEG", exif=exif) + b"<script>Secret-Place</script>"
    assert b"Secret-Place" in jpeg
    made = drawn_anew("a.jpg", jpeg)
    assert isinstance(made, Picture)
    assert b"Secret-Place" not in made.content
    png = encoded() + b"Secret-Place"
    again = drawn_anew("a.png", png)
    assert isinstance(again, Picture)
    assert b"Secret-Place" not in again.content


def test_a_moving_picture_still_moves() -> None:
    frames = [Image.new("RGB", (8, 6), (90 * number, 9, 9)) for number in range(3)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    made = drawn_anew("a.gif", target.getvalue())
    assert isinstance(made, Picture)
    with Image.open(io.BytesIO(made.content)) as picture:
        assert getattr(picture, "n_frames", 1) == 3


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\x.png", "/abs.png", ".git/config", "a\0b.png", "", ".", "…",
     "con.png", "x" * 300, "a/b/c.png", "-rf.png", "ñandú.png", "a b?c*.png"],
)  # fmt: skip
def test_a_name_never_leads_out_of_the_folder(name: str) -> None:
    made = drawn_anew(name, encoded())
    assert isinstance(made, Picture)
    assert "/" not in made.name
    assert len(made.name) < 80
    assert checked_path(f"articles/x/1-a/{made.name}")
