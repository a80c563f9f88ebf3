"""Who could read an article as a revision left it, from the front matter of each text in git."""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from kb.content.article_text import SIZE_LIMIT, split_article
from kb.content.git_files import git_command
from kb.content.problems import ContentError
from kb.content.yaml_source import is_mapping, read_yaml
from kb.rules.articles import Audience, Status

# A front matter without any of these says nothing but what holds for a public article.
_TELLING = re.compile(rb"draft|archived|customers|internal|\\", re.IGNORECASE)
_MARK = re.compile(rb"\n---[ \t]*\r?(?:\n|$)")


def blob_audiences(folder: Path, blobs: Iterable[str]) -> dict[str, Audience]:
    """Return, of those blobs that not everybody could read, who could; one process for all."""
    found = dict.fromkeys(blobs, Audience.INTERNAL)  # so is one that git does not answer
    for blob, content in read_blobs(folder, sorted(found)):
        who = audience_of(content)
        if who is Audience.PUBLIC:
            found.pop(blob, None)
        else:
            found[blob] = who
    return found


def audience_of(content: bytes | None) -> Audience:
    """Return who could read an article's text; what cannot be understood is internal."""
    if content is None or not content.removeprefix(b"\xef\xbb\xbf").startswith(b"---"):
        return Audience.INTERNAL
    end = _MARK.search(content)
    if end is None:
        return Audience.INTERNAL
    if not _TELLING.search(content, 0, end.start()):
        return Audience.PUBLIC
    try:
        head, _, _ = split_article("", content)
        keys = read_yaml("", head).data
        if not is_mapping(keys):
            return Audience.INTERNAL
        if Status(str(keys.get("status", Status.PUBLISHED))) is Status.DRAFT:
            return Audience.INTERNAL
        return Audience(str(keys.get("audience", Audience.PUBLIC)))
    except (ContentError, ValueError):
        return Audience.INTERNAL


def read_blobs(folder: Path, blobs: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """Give the content of each blob; None for one that is missing or larger than an article."""
    with TemporaryFile() as asked:
        asked.write("".join(f"{blob}\n" for blob in blobs).encode())
        if not asked.tell():
            return
        asked.seek(0)
        try:
            git = subprocess.Popen(  # noqa: S603  # our own command; only ids are asked for
                git_command(folder, "cat-file", "--batch"),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return
        with git:
            assert git.stdout is not None  # noqa: S101 # it is a pipe
            yield from _answers(git.stdout)
            with suppress(ProcessLookupError):
                git.kill()  # whoever stopped listening


def _answers(stream: IO[bytes]) -> Iterator[tuple[str, bytes | None]]:
    while line := stream.readline():
        words = os.fsdecode(line).split()
        if len(words) != 3:
            yield words[0], None
            continue
        size = int(words[2])
        if size > SIZE_LIMIT:
            while size > 0 and (part := stream.read(min(size, 1 << 20))):
                size -= len(part)
            yield words[0], None
        else:
            yield words[0], stream.read(size)
        stream.read(1)
