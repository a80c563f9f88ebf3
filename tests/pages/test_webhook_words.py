"""Why a webhook failed, in the words of the reader."""

import pytest
from flask import Flask

from kb.outside.webhooks import Target
from kb.pages.desk.webhook_words import trouble_words


@pytest.mark.parametrize(
    ("kept", "english", "spanish"),
    [
        ("it answers 500", "with status 500.", "Responde con el estado 500."),
        ("it answers 307; redirects are not followed", "not followed", "no se siguen"),
        ("no answer within 10 seconds", "within 10 seconds.", "Sin respuesta en 10 segundos."),
        ("it cannot be reached: timed out", "be reached: timed out", "No se puede llegar:"),
        ("switched off: it answers 410", "Switched off. It answers", "Desactivado. Responde"),
        ("the address is refused: private", "refused: private", "se rechaza: private"),
        ("something new", "something new", "something new"),
        ("", "", ""),
    ],
)
def test_what_is_kept_in_english_is_told_in_the_readers_language(
    app: Flask, kept: str, english: str, spanish: str
) -> None:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        assert english in trouble_words(kept)
    with app.test_request_context("/es/"):
        app.preprocess_request()
        assert spanish in trouble_words(kept)


@pytest.mark.parametrize(
    "url", ["https://none.invalid/", "https://localhost/", "http://a.example/"]
)
def test_what_the_caller_says_is_known_here(app: Flask, url: str) -> None:
    """The words of kb/outside/webhooks.py are told without numbers of the system."""
    kept = Target().post(url, b"{}", {}).trouble
    with app.test_request_context("/es/"):
        app.preprocess_request()
        told = trouble_words(kept)
    assert told != kept
    assert "Errno" not in told
