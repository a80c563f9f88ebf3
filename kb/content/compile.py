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
from kb.content.packs import sync_folder

_AT_ONCE = 8


class CompileError(Exception):
    """What was written is not what was meant; nothing was switched."""


def write_site(
    source: Source, kept: Kept, root: Path, folder: Path, documents: Mapping[str, str]
) -> None:
    """Write everything but the search index into the new `folder`; raises CompileError, OSError.

    `documents` are the fingerprints of what search was given, for the next compile."""
    (folder / PAGES).mkdir(parents=True, mode=0o700)
    (folder / MEDIA).mkdir(mode=0o700)
    for pack in sorted({entry.at.pack for entry in source.entries.values()}):
        _link(kept.folder / pack, folder / PAGES / pack)
    for file in source.media.values():
        target = folder / MEDIA / f"{file.hash}{Path(file.name).suffix.lower()}"
        if not target.exists():
            shutil.copyfile(root / file.path, target)
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
    (folder / TREES).write_bytes(tree_sets().dump_json(trees))
    _verify(folder, source, manifest)


def _verify(folder: Path, source: Source, manifest: Manifest) -> None:
    """Read back what was written: it must be what was meant, and every text must be there."""
    read = manifests().validate_json((folder / MANIFEST).read_bytes())
    trees = tree_sets().validate_json((folder / TREES).read_bytes())
    if read != manifest or trees != {n: dict(t) for n, t in source.trees.items()}:
        raise CompileError("the compiled site does not read back as it was written")
    site = CompiledSite(folder, read, trees)
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
