"""Files of a case on its pages: small pictures, a scanner's findings (R43)."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from flask import Flask
from PIL import Image

from kb.store.tables import attachment
from tests.conftest import NOW
from tests.pages.case_pages import links, with_picture
from tests.pages.test_cases import answer, waiting
from tests.visitor import Visitor


def test_a_picture_is_seen_small_and_drawn_anew(visitor: Visitor) -> None:
    page = with_picture(visitor)
    whole, small = links(page)
    with visitor.client.get(small) as got:
        drawn = got.data
    assert got.mimetype == "image/webp"
    assert max(Image.open(io.BytesIO(drawn)).size) == 320
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    with visitor.client.get(whole) as sent:
        assert sent.headers["Content-Disposition"].startswith("attachment")
    assert 'alt="" loading="lazy"' in page.html


def test_files_of_other_kinds_have_no_picture(visitor: Visitor) -> None:
    page = answer(visitor, waiting(visitor), body="Log", files=(io.BytesIO(b"a log\n"), "a.log"))  # type: ignore[arg-type]
    (only,) = links(page)
    assert visitor.client.get(only.rpartition("/")[0] + "/small").status_code == 404


def test_with_a_scanner_files_are_held_until_it_has_seen_them(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor], tmp_path: Path
) -> None:
    page = with_picture(visitor)
    whole, small = links(page)
    wiring = app.extensions["waypost"]
    scanned = replace(wiring, settings=replace(wiring.settings, clamd="tcp://127.0.0.1:1"))
    app.extensions["waypost"] = scanned
    held = visitor.get(page.url)
    assert "being checked for viruses" in held.text
    assert links(held) == []
    for url in (whole, small):
        assert visitor.client.get(url).status_code == 404
    with wiring.db.write() as conn:
        conn.execute(attachment.update().values(scanned_at=NOW))
    with visitor.client.get(whole) as given:
        assert given.status_code == 200
    with wiring.db.write() as conn:
        conn.execute(attachment.update().values(virus="Eicar"))
    found = visitor.get(page.url)
    assert "a virus was found in it" in found.text
    app.extensions["waypost"] = wiring  # nor without a scanner, once one has found it
    for url in (whole, small):
        assert visitor.client.get(url).status_code == 404
    agent = another().as_agent()
    desk_url = whole.replace("/my/", "/desk/")
    assert agent.client.get(desk_url).status_code == 404
