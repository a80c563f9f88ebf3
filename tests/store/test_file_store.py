"""Content of attached files: on disk before it is named, private, swept when named by nobody."""

import hashlib
import io
import os
import stat
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from kb.store.file_store import FileStore
from tests.actions.people import NOW


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "var" / "attachments")


def put(store: FileStore, content: bytes, limit: int = 1000) -> str:
    with store.write(io.BytesIO(content), limit, head=4) as written:
        store.keep(written)
        return written.sha256


def nobody(hashes: list[str]) -> frozenset[str]:
    return frozenset()


def age(store: FileStore, sha256: str, hours: float) -> None:
    then = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(store.path(sha256), (then, then))


def files(store: FileStore) -> set[str]:
    return {path.name for path in store.root.rglob("*") if path.is_file()} - {"lock"}


def test_content_lies_under_its_hash_for_the_owner_only(store: FileStore) -> None:
    sha = put(store, b"a log")
    path = store.root / sha[:2] / sha
    assert sha == hashlib.sha256(b"a log").hexdigest()
    assert path.read_bytes() == b"a log"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, store.root, store.root / "drafts"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_not_kept_leaves_nothing(store: FileStore) -> None:
    with store.write(io.BytesIO(b"no"), 1000, head=4) as written:
        assert (written.size, written.head) == (2, b"no")
    with pytest.raises(KeyError), store.write(io.BytesIO(b"no"), 1000, head=4):
        raise KeyError
    assert files(store) == set()


def test_no_more_is_read_than_allowed(store: FileStore) -> None:
    source = io.BytesIO(b"x" * 5000)
    with store.write(source, 1000, head=4) as written:
        assert (written.size, written.head) == (1001, b"xxxx")
    assert source.tell() == 1001


def test_the_same_content_twice_is_one_file(store: FileStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: put(store, b"same"), range(40)))
    assert files(store) == names
    assert len(names) == 1


def test_the_sweep_takes_what_is_old_and_named_by_nobody(store: FileStore) -> None:
    old, named, young = put(store, b"old"), put(store, b"named"), put(store, b"young")
    for sha, hours in ((old, 25.0), (named, 2000.0), (young, 23.0)):
        age(store, sha, hours)
    assert store.sweep(lambda hashes: frozenset({named}), NOW) == 1
    assert files(store) == {named, young}


def test_left_overs_of_a_killed_process_are_swept(store: FileStore) -> None:
    put(store, b"x")
    left = store.root / "drafts" / "tmp123"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert store.sweep(nobody, NOW) == 1
    assert not left.exists()


def test_a_touched_file_is_young_again(store: FileStore) -> None:
    sha = put(store, b"x")
    age(store, sha, 30)
    assert store.touch(sha)
    assert store.sweep(nobody, NOW) == 0
    assert not store.touch("0" * 64)


@pytest.mark.parametrize("kind", ["touched", "placed"])
def test_a_file_wanted_again_in_the_middle_of_a_sweep_is_not_lost(
    store: FileStore, kind: str
) -> None:
    """The sweep has found it old and asks who names it; just then somebody wants it."""
    sha = put(store, b"x")
    age(store, sha, 30)
    want = partial(store.touch, sha) if kind == "touched" else partial(put, store, b"x")
    with ThreadPoolExecutor(1) as pool:
        wanted: list[Future[object]] = []

        def named(hashes: list[str]) -> frozenset[str]:
            wanted.append(pool.submit(want))
            wait(wanted, timeout=0.3)  # it has to wait for the sweep
            return frozenset()

        store.sweep(named, NOW)
        said = wanted[0].result()
    assert (sha in files(store)) is bool(said)


def test_content_that_comes_again_is_young_again(store: FileStore) -> None:
    sha = put(store, b"x")
    age(store, sha, 30)
    put(store, b"x")
    assert store.sweep(nobody, NOW) == 0
    assert files(store) == {sha}


def test_an_empty_store_is_swept_too(store: FileStore) -> None:
    assert store.sweep(nobody, NOW) == 0
