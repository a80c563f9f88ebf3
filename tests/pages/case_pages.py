"""What tests of a case's pages share: what is on them, and what is in the database behind."""

import io
import re

from flask import Flask
from PIL import Image
from sqlalchemy import select

from kb.store.case_tables import complaint
from kb.store.mail_tables import mail_in
from kb.store.tables import attachment, case, case_message, outbox
from tests.pages.test_cases import answer, waiting
from tests.visitor import Page, Visitor


def number_of(page: Page) -> int:
    return int(page.url.rpartition("/")[2])


def everything(app: Flask) -> list[object]:
    """All rows that something done to a case would change."""
    with app.extensions["waypost"].db.read() as conn:
        tables = (case, case_message, attachment, complaint, mail_in, outbox)
        return [tuple(found) for table in tables for found in conn.execute(select(table))]


def image(size: tuple[int, int] = (800, 500)) -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", size, "#ffc933").save(target, "PNG")
    target.seek(0)
    return target


def with_picture(visitor: Visitor) -> Page:
    page = waiting(visitor)
    return answer(visitor, page, body="Look", files=(image(), "screen.png"))  # type: ignore[arg-type]


def links(page: Page) -> list[str]:
    return re.findall(r'(?:href|src)="(/en/(?:my|desk)/cases/\d+/files/[^"]+)"', page.html)
