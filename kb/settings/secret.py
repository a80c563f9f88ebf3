"""The secret that signs and hashes: told by the operator, or made once and kept."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from kb.settings.values import SettingsError


def kept_secret(var: Path) -> str:
    """One secret per var folder, made on first use and readable by its owner only."""
    path = var / "secret-key"
    try:
        var.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():  # a disk that is full must still let it be read
            with suppress(FileExistsError):
                _write_secret(path)
        kept = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it holds no secret of ours"
        raise SettingsError(
            f"{path}: {why.lower()}; let KB_VAR name a folder that the user who runs kb may write"
        ) from None
    if not kept:
        raise SettingsError(
            f"{path} is empty; bring it back from the backup, or delete it: then a new secret is "
            "made, everybody is signed out and no licence key is recognised any more"
        )
    return kept


def _write_secret(path: Path) -> None:
    """Make the file with its whole content or not at all, also when the disk is full."""
    secret = path.with_name(f".secret-key-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        _put(secret, path)
    finally:
        secret.unlink(missing_ok=True)


def _put(secret: Path, path: Path) -> None:
    """Give the file its name unless another process was first: FileExistsError."""
    try:
        os.link(secret, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.replace(secret, path)
