"""Milliseconds of a search page, whatever is typed: odd input beside an ordinary search.

Pages are asked through the application in this process, without network. The peer is the ordinary
search of the same run: odd input should cost no more than a few of it, and under 20 ms. Beside
the time on the clock stands that of the processor, which others on the machine do not change."""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
ROUNDS = 30
AIM = 20.0
ORDINARY = "backup stops without space"
ODD = {
    "empty": "",
    "10,000 characters": "x" * 10_000,
    "10,000 characters of words": ("backup vault quota " * 600)[:10_000],
    "stop words": "the of and a",
    "punctuation": "?!.,;:-_/()[]{}" * 20,
    "control characters": "\0\x01\x08\x1b[31m\x7f\u200b\ufeff" * 20,
    "right to left": "مرحبا النسخة الاحتياطية",
    "emoji": "🔥💾👩‍👩‍👧‍👦" * 20,
    "unbalanced quotes": '"backup "stops « vault',
    "* and ~": "b*ckup *** back* backup~2",
    "typing errors": "bakcup stpos wihtout spcae instalaltion",
    "forty wrong words": " ".join(f"bakcup{'abcdefgh'[n % 8]}{'qwxz'[n % 4]}" for n in range(40)),
    "nothing found": "xqzw",
    "unknown code": "E000101F5",
    "page beyond the end": "backup&page=99",
    "unknown filters": "backup&product=huh&type=huh&version=huh&lang=huh",
}


def main() -> None:
    """Compile the vendor site, ask each page in turn, print a table."""
    sys.path.insert(0, str(ROOT))
    from kb.actions.compile_site import compile_site
    from kb.app import create_app
    from kb.settings import read_settings
    from kb.store import migrate

    with tempfile.TemporaryDirectory() as var:
        settings = read_settings({**os.environ, "KB_VAR": var, "KB_SITE": str(ROOT)}, ROOT)
        compile_site(settings)
        migrate(settings.database_url)
        client = create_app(settings).test_client()
        ordinary = _times(client, "/en/search?q=" + quote(ORDINARY))
        print(
            f"{'search page':<30}{'p50 ms':>9}{'cpu p50':>9}{'ratio':>8}   (aim under {AIM:.0f} ms)"
        )
        _row("ordinary: " + ORDINARY[:18], ordinary, ordinary)
        for name, text in ODD.items():
            words, _, rest = text.partition("&")
            path = f"/en/search?q={quote(words)}" + (f"&{rest}" if rest else "")
            _row(name, _times(client, path), ordinary)
        _row("404 with words", _times(client, "/en/backup-stops.html", 404), ordinary)
        _row("/api/search", _times(client, "/api/search?lang=en&q=" + quote(ORDINARY)), ordinary)
        _row("/api/suggest", _times(client, "/api/suggest?lang=en&q=backup"), ordinary)


def _times(client: FlaskClient, path: str, status: int = 200) -> list[tuple[float, float]]:
    taken = []
    for _ in range(ROUNDS + 1):
        start, worked = time.perf_counter(), time.process_time()
        response = client.get(path)
        spent = time.perf_counter() - start, time.process_time() - worked
        taken.append((spent[0] * 1000, spent[1] * 1000))
        assert response.status_code == status, (path[:80], response.status_code)
    return taken[1:]  # the first one reads the templates


def _row(name: str, taken: list[tuple[float, float]], peer: list[tuple[float, float]]) -> None:
    clock, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
    ratio = cpu / statistics.median(worked for _, worked in peer)
    late = "  MISSED" if cpu > AIM else ""
    print(f"{name:<30}{clock:>9.2f}{cpu:>9.2f}{ratio:>8.2f}{late}")


if __name__ == "__main__":
    main()
