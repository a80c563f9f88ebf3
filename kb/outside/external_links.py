"""Asking other sites whether a page is there: one site at a time gets one question at a time.

What was answered is kept: a page that was there is not asked for again for a week, one that was
not for a day. Only http and https are ever followed, no body is read, and a site that wants to be
left alone (429, 503, any trouble that may pass) is not reported.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

TIMEOUT_SECONDS = 10.0
PAUSE_SECONDS = 1.0
AT_ONCE = 8
MOST = 2_000
GOOD_FOR = 7 * 86_400
BAD_FOR = 86_400

_AGENT = "Waypost-link-check/1 (one question a second; asks whether pages are still there)"
_GONE = frozenset({404, 410})
_ASK_AGAIN = frozenset({400, 403, 404, 405, 501})  # some sites answer these to HEAD alone

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site said of one page: why it is dead, or '' where it is not known to be."""

    dead: str
    at: float


@dataclass(frozen=True, slots=True)
class LinkReport:
    """Dead addresses with the reason, how many were asked for, how many were left for later."""

    dead: Mapping[str, str]
    asked: int
    left: int


class _OnlyWeb(HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(self, req: Request, *rest: Any) -> Request | None:
        scheme = urlsplit(rest[-1]).scheme
        if scheme not in ("http", "https"):
            raise URLError(f"it leads to a “{scheme}:” address")
        made = super().redirect_request(req, *rest)
        if made is not None:
            made.method = req.get_method()
        return made


class LinkChecker:
    """Asks for pages, politely, and remembers the answers in the file `cache`."""

    def __init__(
        self, cache: Path, *, clock: Clock = time.time, pause: float = PAUSE_SECONDS,
        timeout: float = TIMEOUT_SECONDS, most: int = MOST,
    ) -> None:  # fmt: skip
        self._cache = cache
        self._clock = clock
        self._pause = pause
        self._timeout = timeout
        self._most = most
        self._lock = threading.Lock()
        self._opener: OpenerDirector = build_opener(_OnlyWeb)

    def check(self, addresses: Iterable[str]) -> LinkReport:
        """Ask for every address that is not known; raises nothing: a fault is an answer."""
        wanted = {address: urldefrag(address).url for address in addresses}
        known = self._known()
        unknown = sorted({page for page in wanted.values() if page not in known})
        by_site: dict[str, list[str]] = {}
        for page in unknown[: self._most]:
            by_site.setdefault(urlsplit(page).netloc, []).append(page)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for answers in pool.map(self._ask_site, by_site.values()):
                known |= answers
        self._keep(known)
        dead = {a: known[page].dead for a, page in wanted.items() if page in known}
        return LinkReport(
            {address: why for address, why in dead.items() if why},
            min(len(unknown), self._most),
            max(0, len(unknown) - self._most),
        )

    def _ask_site(self, pages: list[str]) -> dict[str, Answer]:
        answers = {}
        for number, page in enumerate(pages):
            if number:
                time.sleep(self._pause)
            answers[page] = Answer(self._why_dead(page), self._clock())
        return answers

    def _why_dead(self, page: str) -> str:
        why = self._ask("HEAD", page)
        if why is None:
            time.sleep(self._pause)
            why = self._ask("GET", page)
        return why or ""

    def _ask(self, method: str, page: str) -> str | None:
        """Why the page is dead, '' where it is not; None where another method may be answered."""
        try:
            address = quote(page, safe="%/:=&?~#+!$,;'@()*[]")
            request = Request(address, method=method, headers={"User-Agent": _AGENT})  # noqa: S310
            with self._opener.open(request, timeout=self._timeout):
                return ""
        except HTTPError as error:
            error.close()
            if method == "HEAD" and error.code in _ASK_AGAIN:
                return None
            if 300 <= error.code < 400:
                return "it leads in circles, or to what is no page"
            return f"it answers {error.code}" if error.code in _GONE else ""
        except TimeoutError:
            return ""  # slow today is not dead
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                return ""
            return f"it cannot be reached: {str(error.reason)[:100]}"
        except (HTTPException, OSError, ValueError) as error:
            return f"it cannot be reached: {str(error)[:100] or type(error).__name__}"

    def _known(self) -> dict[str, Answer]:
        """The answers that are still good."""
        try:
            rows = json.loads(self._cache.read_bytes()).items()
            kept = {page: Answer(str(dead), float(at)) for page, (dead, at) in rows}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
        now = self._clock()
        return {
            page: answer
            for page, answer in kept.items()
            if 0 <= now - answer.at < (BAD_FOR if answer.dead else GOOD_FOR)
        }

    def _keep(self, known: Mapping[str, Answer]) -> None:
        with self._lock:
            self._cache.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = self._cache.with_name(f".{self._cache.name}.{os.getpid()}")
            rows = {page: (answer.dead, answer.at) for page, answer in known.items()}
            temporary.write_text(json.dumps(rows))
            temporary.replace(self._cache)
