"""Bundled static files, made small once: each beside its gzip and Brotli forms, for WhiteNoise."""

import gzip
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import brotli

from kb.bundled import STATIC

_WORTH = {".css", ".js", ".svg"}
_FOLDER = "static"
_LEAN = "-lean"
_COMMENT = re.compile(rb"/\*(?!!).*?\*/", re.DOTALL)
_LINE_BEGINS = re.compile(rb"\n\s+")


def pressed(var: Path, digest: str, *, small: bool = True) -> Path:
    """Return the folder that holds the bundled files with their `small` forms, made if need be.

    Where nothing can be written, the bundled folder itself, so that the site runs all the same."""
    target = var / _FOLDER / digest
    if not small and not target.is_dir():
        target = var / _FOLDER / f"{digest}{_LEAN}"
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=target.parent))
        _write(draft, small)
        _publish(draft, target)
    except OSError:
        return STATIC
    return target


def _write(folder: Path, small: bool) -> None:
    for path in STATIC.rglob("*"):
        copy = folder / path.relative_to(STATIC)
        if path.is_dir():
            copy.mkdir(exist_ok=True)
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(lean(path))
        for ending, form in _forms(path) if small and path.suffix in _WORTH else ():
            copy.with_name(copy.name + ending).write_bytes(form)


def lean(path: Path) -> bytes:
    """Return a bundled file as it is served: a style sheet without comments and indentation (but
    for licences), anything else as it is."""
    whole = path.read_bytes()
    return _LINE_BEGINS.sub(b"\n", _COMMENT.sub(b"", whole)) if path.suffix == ".css" else whole


@cache
def _forms(path: Path) -> tuple[tuple[str, bytes], ...]:
    """The small forms of a file that are smaller indeed."""
    whole = lean(path)
    forms = (
        (".gz", gzip.compress(whole, 9, mtime=0)),
        (".br", brotli.compress(whole, quality=11)),
    )
    return tuple((ending, small) for ending, small in forms if len(small) < len(whole))


def _publish(draft: Path, target: Path) -> None:
    """Put the folder in its place at once; another process may have been quicker."""
    try:
        os.rename(draft, target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not target.is_dir():
            raise
    ending = target.name.endswith(_LEAN)
    alike = [path for path in target.parent.iterdir() if path.name.endswith(_LEAN) == ending]
    for older in sorted(alike, key=lambda path: path.stat().st_mtime)[:-3]:
        shutil.rmtree(older, ignore_errors=True)  # those of releases long gone
