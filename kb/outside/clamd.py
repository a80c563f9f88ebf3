"""A virus scanner that speaks clamd's protocol: the content is streamed, the answer is one line.

Without KB_CLAMD there is no scanner, and files are given out as they came."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

SECONDS = 15.0  # for one file, from connecting to the answer
_CHUNK = 256 * 1024
_LONGEST_ANSWER = 4096
_PORT = 3310


class ScannerTrouble(Exception):
    """The scanner gave no verdict; the message says why. The file is neither clean nor not."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """The scanner at `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`."""

    address: str
    seconds: float = SECONDS

    def scan(self, content: IO[bytes]) -> str | None:
        """Return the name of what was found in a content, or None; raises ScannerTrouble when
        the scanner is not there, hangs, hangs up, or answers what is no verdict."""
        until = time.monotonic() + self.seconds
        try:
            with self._connected(until) as line:
                with suppress(BrokenPipeError, ConnectionResetError):
                    _send(line, content, until)  # it may answer before all was sent
                return _verdict(_answer(line, until))
        except TimeoutError:
            raise ScannerTrouble(
                f"{self.address} gave no answer within {self.seconds:g} seconds"
            ) from None
        except OSError as error:
            raise ScannerTrouble(f"{self.address}: {error.strerror or error}") from None

    @contextmanager
    def _connected(self, until: float) -> Iterator[socket.socket]:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as line:
                _wait_at_most(line, until)
                line.connect(parts.path)
                yield line
            return
        place = (parts.hostname or "localhost", parts.port or _PORT)
        with socket.create_connection(place, until - time.monotonic()) as line:
            yield line


def _send(line: socket.socket, content: IO[bytes], until: float) -> None:
    line.sendall(b"zINSTREAM\0")
    while chunk := content.read(_CHUNK):
        _wait_at_most(line, until)
        line.sendall(struct.pack("!I", len(chunk)) + chunk)
    line.sendall(struct.pack("!I", 0))


def _answer(line: socket.socket, until: float) -> str:
    """Read up to the zero byte that ends an answer."""
    said = b""
    while b"\0" not in said:
        _wait_at_most(line, until)
        more = line.recv(1024)
        if not more:
            raise ScannerTrouble("the scanner hung up before it answered")
        said += more
        if len(said) > _LONGEST_ANSWER:
            raise ScannerTrouble("the scanner's answer does not end")
    return said.partition(b"\0")[0].decode("utf-8", "replace")


def _verdict(said: str) -> str | None:
    if said == "stream: OK":
        return None
    name = said.removeprefix("stream: ").removesuffix(" FOUND")
    if said == f"stream: {name} FOUND" and name:
        return name[:200]
    raise ScannerTrouble(f"the scanner answered “{said[:100]}”, which is no verdict")


def _wait_at_most(line: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
