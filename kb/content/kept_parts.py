"""What reading the policy and the trees gave last time, so that the edit of an article does not
read and prove them again.

Of either, the site's languages and the files of one folder are read and nothing else; a hash of
these and of our code tells whether the same would come of it. What has a mistake is not kept.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from kb.content.compiled import Manifest, manifests, tree_sets
from kb.content.left_out import Trees, policy_of, trees_of
from kb.content.packs import write_file
from kb.content.problems import Level, Problem
from kb.rules.policy import Policy
from kb.rules.site import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Part(Generic[T]):
    """What was read of a folder, from which `key`, and what was wrong with it."""

    key: str
    made: T
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return all(problem.level is not Level.ERROR for problem in self.problems)


@dataclass(frozen=True, slots=True)
class _Kind(Generic[T]):
    """A part that can be kept: its folder, the form of its file, and what else it hangs on."""

    folder: str
    form: Callable[[], TypeAdapter[T]]
    holds: Callable[[Path, T], bool] = lambda _root, _made: True


class KeptParts:
    """The store of both in `folder`; who reads holds the lock of `revisions.py`."""

    def __init__(self, folder: Path, code: Callable[[], str]) -> None:
        """`code` tells what reads Markdown and YAML, and the libraries that does it with."""
        self._folder = folder
        self._code = code
        self._held: dict[str, _Part[Any]] = {}

    def policy(self, root: Path, site: Site) -> tuple[Policy | None, tuple[Problem, ...]]:
        """Read the policy as `policy_of` does, or give it as it was read."""

        def read() -> tuple[Manifest | None, tuple[Problem, ...]]:
            policy, problems = policy_of(root, site.languages)
            return Manifest("", site, policy, (), (), {}) if policy else None, problems

        part = self._part(_POLICY, root, site, read)
        return part.made.policy if part.made else None, part.problems

    def trees(self, root: Path, site: Site) -> tuple[Trees, list[Problem]]:
        """Read the trees as `trees_of` does, or give them as they were read."""
        part = self._part(_TREES, root, site, lambda: trees_of(root, site.languages))
        return {name: dict(by_lang) for name, by_lang in part.made.items()}, list(part.problems)

    def _part(
        self,
        kind: _Kind[Any],
        root: Path,
        site: Site,
        read: Callable[[], tuple[T, Sequence[Problem]]],
    ) -> _Part[T]:
        key = self._key(root / kind.folder, site)
        known = self._known(kind, key) if key else None
        if known is not None and kind.holds(root, known.made):
            return known
        made, problems = read()
        part = _Part(key, made, tuple(problems))
        # not what was written while it was read: nobody knows which of both came of it
        if key and part.sound and key == self._key(root / kind.folder, site):
            self._keep(kind, part)
        return part

    def _key(self, folder: Path, site: Site) -> str:
        """Hash what is read; '' where there is no such folder or a file that cannot be read."""
        if not folder.is_dir():
            return ""
        told = f"{self._code()} {_rules()} {site.languages}\n"
        digest = blake2b(told.encode(), digest_size=16)
        try:
            for path in sorted(folder.glob("*.y*ml")):
                raw = path.read_bytes()
                digest.update(f"{path.name} {len(raw)}\n".encode("utf-8", "surrogateescape"))
                digest.update(raw)
        except OSError:
            return ""
        return digest.hexdigest()

    def _known(self, kind: _Kind[T], key: str) -> _Part[T] | None:
        held = self._held.get(kind.folder)
        if held is not None and held.key == key:
            return held
        try:
            of, warnings, made = self._file(kind).read_bytes().split(b"\n")
            if of != key.encode():
                return None
            part = _Part(key, kind.form().validate_json(made), _told().validate_json(warnings))
        except (OSError, ValueError):
            return None
        self._held[kind.folder] = part
        return part

    def _keep(self, kind: _Kind[T], part: _Part[T]) -> None:
        try:
            made, problems = kind.form().dump_json(part.made), _told().dump_json(part.problems)
        except ValueError:
            return  # a text that is no UTF-8; the compile tells
        write_file(self._file(kind), b"\n".join((part.key.encode(), problems, made)))
        self._held[kind.folder] = part

    def _file(self, kind: _Kind[Any]) -> Path:
        return self._folder / f"{kind.folder}.kept"


def _pictures_are_there(root: Path, trees: Trees) -> bool:
    """Sound trees had all their pictures; whether these are still there is not in the key."""
    shown = {
        path for by_lang in trees.values() for tree in by_lang.values() for path in tree.images
    }
    return all((root / path).is_file() for path in shown)


# the policy in the form of a manifest, which a compile has made anyway: it takes long to make
_POLICY = _Kind("policy", manifests)
_TREES = _Kind("troubleshooter", tree_sets, _pictures_are_there)


@cache
def _told() -> TypeAdapter[tuple[Problem, ...]]:
    return TypeAdapter(tuple[Problem, ...])


@cache
def _rules() -> str:
    """Identify the rules that policy and trees are built and proved by."""
    digest = blake2b(digest_size=12)
    for path in sorted((Path(__file__).parent.parent / "rules").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
