"""R43: a body beyond all limits is refused in words, and forms without files take no large one."""

import pytest
from flask import Flask

from tests.pages.test_attached import closed, files, form
from tests.pages.test_contact import filled
from tests.visitor import Visitor


@pytest.fixture
def customer(visitor: Visitor) -> Visitor:
    return visitor.as_customer("premier")


def test_a_body_beyond_all_limits_is_told_the_limit(app: Flask, customer: Visitor) -> None:
    page = form(customer)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    address = page.response.request.full_path
    sent = {**filled(page), "attachments": files(("big.log", b"x" * 20_000))}
    refused = customer.post(address, expect=413, **sent)
    assert "too large to send" in refused.text
    assert "At most 5 files of 10 MB each" in refused.text


def test_forms_without_files_take_no_large_body(visitor: Visitor) -> None:
    large = files(("big.log", b"x" * 5_000_000))
    closed(visitor.post("/en/feedback", expect=413, text="Hello", kind="praise", files=large))
