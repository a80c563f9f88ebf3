"""Small pictures: drawn anew, without what the file hides, and never unpacked when too large."""

import io
import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kb.store.file_store import FileStore
from kb.store.thumbnails import EDGE, KINDS, thumbnail
from tests.actions.people import NOW
from tests.work import calls

SECRET = b"GPS 40.4168 -3.7038"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "attachments")


def put(store: FileStore, content: bytes) -> str:
    with store.write(io.BytesIO(content), 100_000_000, head=4) as written:
        store.keep(written)
        return written.sha256


def picture(kind: str, size: tuple[int, int] = (900, 300), **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "#0b5a68").save(target, kind, **options)
    return target.getvalue()


@pytest.mark.parametrize(("media_type", "kind"), KINDS.items())
def test_every_kind_of_image_gets_one(store: FileStore, media_type: str, kind: str) -> None:
    path = thumbnail(store, put(store, picture(kind)), media_type)
    assert path
    with Image.open(path) as small:
        assert (small.format, max(small.size)) == ("WEBP", EDGE)
        assert small.width == 3 * small.height or abs(small.width - 3 * small.height) <= 3
    assert path.stat().st_mode & 0o077 == 0


def test_nothing_that_the_file_hides_is_in_it(store: FileStore) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    hidden = picture("JPEG", exif=exif.tobytes()) + b"<script>" + SECRET
    path = thumbnail(store, put(store, hidden), "image/jpeg")
    assert path
    assert SECRET not in path.read_bytes()
    assert b"script" not in path.read_bytes()


def test_a_photo_taken_sideways_stands_upright(store: FileStore) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    path = thumbnail(store, put(store, picture("JPEG", exif=exif.tobytes())), "image/jpeg")
    assert path
    with Image.open(path) as small:
        assert small.height > small.width


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))
        )

    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(8000, 8000), (50_000, 50_000), (2**31 - 1, 2**31 - 1), (0, 5)])
def test_a_bomb_is_not_unpacked(store: FileStore, size: tuple[int, int]) -> None:
    sha = put(store, bomb(*size))
    done = calls(lambda: thumbnail(store, sha, "image/png"))
    assert done["ImageFile.load"] == 0
    assert thumbnail(store, sha, "image/png") is None


def test_a_picture_is_unpacked(store: FileStore) -> None:
    """What the test above counts is what unpacking is called."""
    sha = put(store, picture("PNG"))
    assert calls(lambda: thumbnail(store, sha, "image/png"))["ImageFile.load"] > 0


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "image/png"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (picture("PNG")[:200], "image/png"),
        (picture("GIF"), "image/png"),  # not what it says
        (b"<svg/>", "image/png"),
        (picture("PNG"), "application/pdf"),
    ],
)
def test_what_is_no_whole_picture_has_none(
    store: FileStore, content: bytes, media_type: str
) -> None:
    assert thumbnail(store, put(store, content), media_type) is None


def test_a_file_that_is_gone_has_none(store: FileStore) -> None:
    assert thumbnail(store, "0" * 64, "image/png") is None


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_broken_bytes_never_raise(store: FileStore, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    whole = bytearray(picture(KINDS[kind], (40, 30)))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    thumbnail(store, put(store, bytes(whole)), kind)


def test_it_is_drawn_once_also_by_many_at_once(store: FileStore) -> None:
    sha256 = put(store, picture("PNG"))
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: thumbnail(store, sha256, "image/png"), range(4)))
    assert len(paths) == 1
    assert [path.name for path in (store.root / "thumbnails").iterdir()] == [sha256]


def test_it_is_swept_with_its_file(store: FileStore) -> None:
    sha256 = put(store, picture("PNG"))
    small = thumbnail(store, sha256, "image/png")
    assert small
    for path in (small, store.path(sha256)):
        os.utime(path, ((NOW - timedelta(days=2)).timestamp(),) * 2)
    store.sweep(lambda hashes: frozenset(hashes), NOW)
    assert small.is_file()
    store.sweep(lambda _hashes: frozenset(), NOW)
    assert not small.exists()
