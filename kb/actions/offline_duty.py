"""What the worker does for `offline: yes`: whenever another revision is live, its bundles are made.

Pages are rendered by the command in a process of its own: the worker knows no page."""

import logging
import os
import subprocess
import sys

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.content.bundles import Bundles
from kb.settings import Settings

log = logging.getLogger("kb.worker")


class OfflineDuty:
    """Looks each time it is called; a revision whose bundles failed is not tried again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._live = LiveSite(settings.var)
        self._process: subprocess.Popen[bytes] | None = None
        self._tried = ""

    def run(self) -> None:
        """Begin to make bundles where the live revision has none yet."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._process = None
            if code:
                log.error("offline: the bundles of %s were not made", self._tried)
        try:
            site = self._live.current().site
        except NoLiveSite:
            return
        done = {self._tried, Bundles(self._settings.var).revision}
        if site.site.offline and site.revision not in done:
            self._tried = site.revision
            self._process = subprocess.Popen(self._command(), env=self._env())  # noqa: S603 - ours

    def finish(self) -> None:
        """Wait for what was begun."""
        if self._process is not None:
            self._process.wait()
            self.run()

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "kb", "--site", str(self._settings.site)),
            *("export", "bundle", "--offered"),
        ]

    def _env(self) -> dict[str, str]:
        return {**os.environ, "KB_VAR": str(self._settings.var)}
