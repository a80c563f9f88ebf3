"""The files that pages name: style sheets with what these name, scripts, fonts, pictures."""

import base64
import posixpath
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

from flask import Flask
from flask.testing import FlaskClient

from kb.content.compiled import CompiledSite
from kb.export.folder import ExportError
from kb.export.places import Places
from kb.export.rewriting import css_rewritten

_SMALL = 12_000
"""Up to so many bytes a drawing stands in the style sheet itself of pages that open from disk: a
browser takes no mask from another file there."""


def write_assets(app: Flask, site: CompiledSite, places: Places, folder: Path) -> None:
    """Write every file that is named, and what style sheets name in turn."""
    fetch = partial(_fetched, app.test_client(use_cookies=False), site)
    done: set[str] = set()
    while waiting := sorted(places.assets.keys() - done):
        for address in waiting:
            done.add(address)
            raw = fetch(address)
            if address.endswith(".css"):
                raw = _style(fetch, places, address, raw.decode()).encode()
            target = folder / places.assets[address]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw)


def _fetched(client: FlaskClient, site: CompiledSite, address: str) -> bytes:
    if address.startswith("/media/"):
        _, _, digest, name = unquote(address).split("/", 3)
        try:
            return site.media_path(digest, name).read_bytes()
        except OSError:
            raise ExportError(f"{address} is named by a page and lost; run `kb index`") from None
    response = client.get(address)
    if response.status_code != 200:
        raise ExportError(f"{address} is named by a page and is not there; add the file")
    raw = response.get_data()
    response.close()
    return raw


def _style(fetch: Callable[[str], bytes], places: Places, address: str, css: str) -> str:
    here = places.assets[address]

    def change(url: str) -> str:
        if url.startswith(("data:", "http:", "https:", "#")):
            return url
        named = posixpath.normpath(posixpath.join(posixpath.dirname(address), url.split("?")[0]))
        if places.offline and named.endswith(".svg"):
            raw = fetch(named)
            if len(raw) <= _SMALL:
                return _inside(raw)
        target = places.target(named)
        file = target.file if target else ""
        return quote(posixpath.relpath(file, posixpath.dirname(here) or "."))

    return css_rewritten(css, change)


def _inside(raw: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(raw).decode()}"
