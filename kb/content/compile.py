"""Writing a compiled site: what changed is written, what did not is linked."""

import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kb.content.compiled import (
    HISTORY,
    MANIFEST,
    MEDIA,
    PAGES,
    TREES,
    CompiledSite,
    Manifest,
    Shelved,
    manifests,
    tree_sets,
)
from kb.content.kept import Kept
from kb.content.load import Source
from kb.content.media import MediaFile
from kb.content.packs import sync_folder

_AT_ONCE = 8


class CompileError(Exception):
    """What was written is not what was meant; nothing was switched."""


def write_site(
    source: Source,
    kept: Kept,
    root: Path,
    folder: Path,
    documents: Mapping[str, str],
    live: Path | None = None,
) -> None:
    """Write everything but the search index into the new `folder`; raises CompileError, OSError.

    `documents` are the fingerprints of what search was given, for the next compile; what is the
    same in the `live` site is linked from there."""
    (folder / PAGES).mkdir(parents=True, mode=0o700)
    (folder / MEDIA).mkdir(mode=0o700)
    for pack in sorted({entry.at.pack for entry in source.entries.values()}):
        _link(kept.folder / pack, folder / PAGES / pack)
    for file in source.media.values():
        _place(file, root, folder / MEDIA, live / MEDIA if live else None)
    manifest = Manifest(
        revision=source.revision,
        site=source.site,
        policy=source.policy,
        articles=tuple(
            Shelved(entry.card.article, entry.at) for _, entry in sorted(source.entries.items())
        ),
        media=tuple(source.media.values()),
        documents=documents,
        moved=source.moved,
    )
    if source.history is not None:
        _link(source.history, folder / HISTORY)
    trees = {name: dict(by_lang) for name, by_lang in source.trees.items()}
    (folder / MANIFEST).write_bytes(manifests().dump_json(manifest))
    told = tree_sets().dump_json(trees)
    if live is not None and _same(live / TREES, told):
        _link(live / TREES, folder / TREES)  # it was read back when it was written
    else:
        (folder / TREES).write_bytes(told)
        if tree_sets().validate_json((folder / TREES).read_bytes()) != trees:
            raise CompileError("the compiled trees do not read back as they were written")
    _verify(folder, source, manifest)


def _place(file: MediaFile, root: Path, folder: Path, live: Path | None) -> None:
    """Put a file of the site, named by its content, into `folder`."""
    name = f"{file.hash}{Path(file.name).suffix.lower()}"
    if (folder / name).exists():
        return
    before = live / name if live else None
    if before is not None and _as_large(before, root / file.path):
        _link(before, folder / name)
    else:
        shutil.copyfile(root / file.path, folder / name)


def _as_large(known: Path, file: Path) -> bool:
    """Tell whether what was written under the name of a content is all of it."""
    try:
        return known.stat().st_size == file.stat().st_size
    except OSError:
        return False


def _same(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _verify(folder: Path, source: Source, manifest: Manifest) -> None:
    """Read back what was written: it must be what was meant, and every text must be there."""
    read = manifests().validate_json((folder / MANIFEST).read_bytes())
    if read != manifest:
        raise CompileError("the compiled site does not read back as it was written")
    site = CompiledSite(folder, read, source.trees)
    count = sum(len(shelf) for shelf in site.articles.values())
    if count != len(source.entries):
        raise CompileError(f"{len(source.entries)} articles were read but {count} written")
    sizes = {path.name: path.stat().st_size for path in (folder / PAGES).iterdir()}
    for shelved in read.articles:
        at = shelved.at
        if at.offset + at.parts + at.text > sizes.get(at.pack, -1):
            raise CompileError(f"the text of {shelved.article.path} is not in its pack")


def sync_tree(folder: Path) -> None:
    """Put every file below `folder` on disk, several at once: the disk takes them in one go."""
    paths = sorted(folder.rglob("*"))
    folders = [path for path in paths if path.is_dir()]
    # linked files were synced when they were written
    files = [path for path in paths if not path.is_dir() and path.stat().st_nlink == 1]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_sync_file, files))
    for each in [*folders, folder]:
        sync_folder(each)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link(source: Path, target: Path) -> None:
    """Share a file that never changes; copy it where the file system cannot."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
