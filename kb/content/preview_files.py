"""The previews of a var folder: `previews/<id>/` holds what is known of each, and its own var."""

import json
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from kb.content.packs import write_file
from kb.rules.previews import Preview, PreviewState

_ABOUT = "preview.json"


class PreviewFiles:
    """All previews; each is a folder that is the var folder of its compiled site, too."""

    def __init__(self, var: Path) -> None:
        self.folder = var / "previews"

    def path(self, id: str) -> Path:
        """Return the folder of a preview, whose id is known to be one."""
        return self.folder / id

    def all(self) -> tuple[Preview, ...]:
        """Return every preview, expired ones too, the newest first."""
        ids = [path.name for path in self.folder.iterdir()] if self.folder.is_dir() else []
        found = [preview for id_ in ids if (preview := self.get(id_))]
        return tuple(sorted(found, key=lambda one: (one.made_at, one.id), reverse=True))

    def get(self, id: str) -> Preview | None:
        """Return a preview; None when there is none of this id."""
        try:
            told = json.loads((self.path(id) / _ABOUT).read_bytes())
            return Preview(
                id=id,
                branch=told["branch"],
                made_at=datetime.fromisoformat(told["made_at"]),
                expires_at=datetime.fromisoformat(told["expires_at"]),
                state=PreviewState(told["state"]),
                commit=told["commit"],
                problems=tuple(told["problems"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def new_id(self) -> str:
        """Return an id that nothing has."""
        return secrets.token_hex(6)

    def save(self, preview: Preview) -> None:
        """Keep what is known of a preview."""
        folder = self.path(preview.id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = {name: value for name, value in asdict(preview).items() if name != "id"}
        for name in ("made_at", "expires_at"):
            told[name] = told[name].isoformat()
        write_file(folder / _ABOUT, json.dumps(told).encode())

    def remove(self, id: str) -> None:
        """Remove a preview: first its address, then its files."""
        with suppress(OSError):
            (self.path(id) / _ABOUT).unlink()
        shutil.rmtree(self.path(id), ignore_errors=True)

    def clear_away(self) -> None:
        """Remove folders that no preview belongs to, left by a process that was killed."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if not (path / _ABOUT).exists() and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
