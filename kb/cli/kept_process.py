"""A program beside the server that is started again when it ends by itself."""

import logging
import subprocess
import threading
from collections.abc import Mapping, Sequence

# Longer than the server takes to end: Ctrl-C ends both at once, and is no trouble to tell of.
PAUSE_SECONDS = 10.0
STOP_SECONDS = 10.0

log = logging.getLogger("kb.serve")


class Kept:
    """Run `command` until `stop`; one that ends before is told in the log and started again.

    Without this, mail and timers would stand still beside pages that look well."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], pause: float = PAUSE_SECONDS
    ) -> None:
        self._command = list(command)
        self._env = dict(env)
        self._pause = pause
        self._stopped = threading.Event()
        self._process = self._start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The process that runs now."""
        return self._process.pid

    def stop(self) -> None:
        """End the program, kindly first, and start it no more."""
        self._stopped.set()
        self._process.terminate()
        self._thread.join(STOP_SECONDS)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env=self._env)  # noqa: S603 # our own command

    def _keep(self) -> None:
        while True:
            self._process.wait()
            if self._stopped.wait(self._pause):
                return
            # Without its code: gunicorn, which reaps every child, may have taken that.
            log.error("kb worker ended; it is started again")
            self._process = self._start()
            if self._stopped.is_set():  # told to stop while this one was on its way
                self._process.terminate()
