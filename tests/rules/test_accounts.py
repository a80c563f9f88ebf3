"""Which passwords are accepted."""

import pytest

from kb.rules.accounts import LONGEST_PASSWORD, PasswordFlaw, password_flaw

PERSONAL = ("Ana", "Prieto", "ana.prieto@example.com")


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        pytest.param("copias cada noche", None, id="a sentence"),
        pytest.param("Xk3$fQ9!bT", None, id="ten signs"),
        pytest.param("contraseña", None, id="other letters count"),
        pytest.param("Xk3$fQ9!b", PasswordFlaw.TOO_SHORT, id="nine"),
        pytest.param("ab" * LONGEST_PASSWORD, PasswordFlaw.TOO_LONG, id="endless"),
        pytest.param("aaaaaaaaaaaa", PasswordFlaw.TOO_SIMPLE, id="one letter"),
        pytest.param("abABabABabAB", PasswordFlaw.TOO_SIMPLE, id="two letters"),
        pytest.param("1357924680", PasswordFlaw.TOO_SIMPLE, id="digits only"),
        pytest.param("prieto2026", PasswordFlaw.HOLDS_NAME, id="mostly the name"),
        pytest.param("ANA.PRIETO7", PasswordFlaw.HOLDS_NAME, id="mostly the address"),
        pytest.param("prieto rides a bicycle", None, id="the name in a sentence"),
        pytest.param("anaconda 77 x", None, id="a short name may be part of a word"),
    ],
)
def test_a_password(password: str, flaw: PasswordFlaw | None) -> None:
    assert password_flaw(password, PERSONAL) is flaw
