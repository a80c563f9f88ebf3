"""Writing an export: whole or not at all, over an older one of ours and over nothing else."""

import ctypes
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = ".waypost-export"
"""A file that says that a folder was made by an export, so another may take its place."""
_EXCHANGE = 2
_HERE = -100
_DAY_ONE = (1980, 1, 1, 0, 0, 0)


class ExportError(Exception):
    """The export cannot be written there; the message says why and what to do."""


def check_target(target: Path, site: Path) -> Path:
    """Return where to write, links followed; raises ExportError for a folder that is not ours."""
    target = target.resolve()
    if target == site or target in site.parents:
        raise ExportError(f"{target} holds the site itself; name a new folder for the export")
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target} is a file; name a folder")
    if target.is_dir() and any(target.iterdir()) and not (target / MARK).is_file():
        raise ExportError(
            f"{target} is not empty and was not made by an export; empty it or name a new folder"
        )
    if not target.parent.is_dir():
        raise ExportError(f"{target.parent} does not exist; make it first")
    return target


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give a folder to write into; when the block ends well it takes the place of `target` in one
    step, else it goes and nothing has changed. Files that are the same keep their times."""
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        made.chmod(0o755)
        yield made
        (made / MARK).write_text("Made by kb export; the next export replaces this folder.\n")
        _keep_times(target, made)
        if target.exists():
            _exchange(made, target)
        else:
            made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _keep_times(old: Path, new: Path) -> None:
    """What copies only newer files then copies only what changed."""
    for path in new.rglob("*"):
        before = old / path.relative_to(new)
        if path.is_file() and before.is_file() and _same(before, path):
            times = before.stat()
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _same(one: Path, other: Path) -> bool:
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _exchange(made: Path, target: Path) -> None:
    """Let two folders change places in one step; where the system cannot, in two."""
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    names = (os.fsencode(made), os.fsencode(target))
    if swap is not None and swap(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0:
        return
    old = made.with_name(f"{made.name}.old")
    target.rename(old)
    try:
        made.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_zip(folder: Path, target: Path) -> int:
    """Pack a folder into `target` in one step, under the target's own name, the same bytes for the
    same files; return how many."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name != MARK:
                    inside = f"{target.stem}/{path.relative_to(folder).as_posix()}"
                    told = zipfile.ZipInfo(inside, _DAY_ONE)
                    told.external_attr = 0o644 << 16
                    archive.writestr(told, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
        Path(name).chmod(0o644)
        size = Path(name).stat().st_size
        Path(name).replace(target)
        return size
    finally:
        Path(name).unlink(missing_ok=True)
