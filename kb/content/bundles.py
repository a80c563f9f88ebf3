"""The bundles that visitors may take along (`offline: yes`): a file a language, of one revision."""

import json
from pathlib import Path

_RECORD = "made.json"


class Bundles:
    """`var/offline/<lang>.zip`, and a record of what they were made of."""

    def __init__(self, var: Path) -> None:
        self.folder = var / "offline"

    @property
    def revision(self) -> str:
        """The revision the bundles were made of; '' before the first, or where they are lost."""
        try:
            told = json.loads((self.folder / _RECORD).read_text())
        except (OSError, ValueError):
            return ""
        return str(told.get("revision", "")) if isinstance(told, dict) else ""

    def path(self, lang: str) -> Path:
        """Return where a language's bundle lies, if there is one."""
        return self.folder / f"{lang}.zip"

    def size(self, lang: str) -> int:
        """Return the bytes of a language's bundle; 0 when there is none."""
        try:
            return self.path(lang).stat().st_size
        except OSError:
            return 0

    def made(self, revision: str) -> None:
        """Record that all bundles are of this revision now."""
        draft = self.folder / f".{_RECORD}"
        draft.write_text(json.dumps({"revision": revision}))
        draft.replace(self.folder / _RECORD)
