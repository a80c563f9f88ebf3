"""Pictures and other files of an export: found in local folders only, never fetched."""

import glob
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kb.content.media import KINDS


class LocalFiles:
    """The files that articles may show, below some folders; links out of them do not count."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = tuple(dict.fromkeys(folder.resolve() for folder in folders))
        self._named: dict[str, set[Path]] = {}
        for folder in self._folders:
            for path in folder.rglob("*"):
                if path.suffix.lower() in KINDS:
                    self._named.setdefault(path.name.lower(), set()).add(path)

    def find(self, address: str, folder: Path | None = None) -> Path | None:
        """The file that an address means, or None: the one at the address when it is relative to
        `folder`, else by the end of its path (`article_attachments/360/shot.png`,
        `360-shot.png`, without a name `360.png`), else the only one with that name."""
        path = unquote(urlsplit(address).path)
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        if not parts:
            return None
        near = folder is not None and not urlsplit(address).scheme and not path.startswith("/")
        places = [folder / path] if folder is not None and near else []
        for root in self._folders:
            ends = ["/".join(parts[at:]) for at in range(len(parts))]
            places += [root / end for end in (*ends, "-".join(parts[-2:]))]
            if "." not in parts[-1]:
                places += sorted(root.glob(f"{glob.escape(parts[-1])}.*"))
        alike = self._named.get(parts[-1].lower(), set())
        places += alike if len(alike) == 1 else ()
        return next((found for place in places if (found := self._allowed(place))), None)

    def _allowed(self, place: Path) -> Path | None:
        found = place.resolve()
        inside = any(found.is_relative_to(root) for root in self._folders)
        return found if inside and found.suffix.lower() in KINDS and found.is_file() else None
