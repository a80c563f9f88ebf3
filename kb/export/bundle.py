"""Packing a site into one file that is read from disk."""

import tempfile
from pathlib import Path

from kb.actions.live_site import Live
from kb.content.bundles import Bundles
from kb.export.folder import write_zip
from kb.export.site import Exported, Options, Progress, export_site
from kb.settings import Settings


def write_bundle(
    settings: Settings, live: Live, file: Path, options: Options, progress: Progress | None = None
) -> tuple[Exported, int]:
    """Write a bundle in one step; return what is in it and its bytes."""
    with tempfile.TemporaryDirectory(prefix="kb-bundle-") as scratch:
        done = export_site(settings, live, Path(scratch), options, progress)
        return done, write_zip(Path(scratch), file.absolute())


def refresh_bundles(
    settings: Settings, live: Live, live_url: str, progress: Progress | None = None
) -> int:
    """Make the bundles that the site offers its visitors, one for each language, unless they are
    of this revision already; return how many were made."""
    bundles = Bundles(settings.var)
    if not live.site.site.offline or bundles.revision == live.site.revision:
        return 0
    bundles.folder.mkdir(parents=True, exist_ok=True)
    for lang in live.site.site.languages:
        options = Options(languages=(lang,), live=live_url, offline=True)
        write_bundle(settings, live, bundles.path(lang), options, progress)
    bundles.made(live.site.revision)
    return len(live.site.site.languages)
