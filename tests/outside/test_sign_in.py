"""Sign-in by OpenID Connect against a real provider on this machine; each claim made wrong."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from kb.outside import sign_in, sign_in_web
from kb.outside.sign_in import (
    LEEWAY_SECONDS,
    OpenIdProvider,
    Person,
    providers_for,
)
from kb.outside.sign_in_web import Failure, SignInFailed
from kb.settings import SettingsError, read_settings
from tests.outside.openid_twin import OpenIdTwin, new_key, openid_twin
from tests.outside.web_server import PATIENCE

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BACK = "https://help.example.com/es/account/provider/acme/return"
ANA = {
    "sub": "acme-17",
    "email": "ana@example.com",
    "email_verified": True,
    "given_name": "Ana",
    "family_name": "Prieto",
}


@pytest.fixture
def twin() -> Iterator[OpenIdTwin]:
    with openid_twin(NOW) as made:
        made.person = dict(ANA)
        yield made


def signed_in(twin: OpenIdTwin, provider: OpenIdProvider | None = None, **said: str) -> Person:
    there = provider or OpenIdProvider(twin.about())
    begun = there.begin(BACK)
    return there.finish(begun, BACK, {**twin.visit(begun.url), **said}, NOW)


def failure(twin: OpenIdTwin, **said: str) -> Failure:
    with pytest.raises(SignInFailed) as caught:
        signed_in(twin, **said)
    return caught.value.failure


def test_a_person_comes_back_with_their_word(twin: OpenIdTwin) -> None:
    assert signed_in(twin) == Person("acme-17", "ana@example.com", True, "Ana", "Prieto")


def test_each_sign_in_has_a_state_nonce_and_verifier_of_its_own(twin: OpenIdTwin) -> None:
    there = OpenIdProvider(twin.about())
    one, other = there.begin(BACK), there.begin(BACK)
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    assert one.verifier not in one.url


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "another"}, id="a nonce of another sign-in"),
        pytest.param({"aud": "somebody-else"}, id="meant for another site"),
        pytest.param({"aud": ["waypost", "other"], "azp": "other"}, id="asked for by another site"),
        pytest.param({"iss": "https://elsewhere.example"}, id="from another issuer"),
        pytest.param({"exp": int(NOW.timestamp()) - LEEWAY_SECONDS - 1}, id="over"),
        pytest.param({"exp": "soon"}, id="an end that is no time"),
        pytest.param({"nbf": int(NOW.timestamp()) + LEEWAY_SECONDS + 1}, id="not yet"),
        pytest.param({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, id="of another access token"),
    ],
)
def test_a_wrong_claim_is_refused(twin: OpenIdTwin, claims: dict[str, object]) -> None:
    twin.claims = dict(claims)
    assert failure(twin) is Failure.FORGED


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_missing_claim_is_refused(twin: OpenIdTwin, name: str) -> None:
    twin.without = (name,)
    assert failure(twin) is Failure.FORGED


def test_the_clock_either_side_of_a_token_s_end(twin: OpenIdTwin) -> None:
    twin.claims = {"exp": int((NOW - timedelta(seconds=LEEWAY_SECONDS - 1)).timestamp())}
    assert signed_in(twin).subject == "acme-17"
    twin.claims = {"exp": int((NOW - timedelta(seconds=LEEWAY_SECONDS + 1)).timestamp())}
    assert failure(twin) is Failure.FORGED


def test_a_key_that_is_not_published_signs_nothing(twin: OpenIdTwin) -> None:
    twin.published, twin.key = [twin.key], new_key("one")  # the same name, another key
    assert failure(twin) is Failure.FORGED


def test_changed_keys_are_fetched_anew(twin: OpenIdTwin) -> None:
    there = OpenIdProvider(twin.about())
    signed_in(twin, there)
    twin.key = new_key("two")
    assert signed_in(twin, there).subject == "acme-17"
    assert twin.paths.count("/keys") == 2
    assert twin.paths.count("/.well-known/openid-configuration") == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"state": "another"}, Failure.FORGED),
        ({"state": ""}, Failure.FORGED),
        ({"state": "ñ"}, Failure.FORGED),
        ({"iss": "https://elsewhere.example"}, Failure.FORGED),
        ({"code": ""}, Failure.DENIED),
        ({"error": "access_denied"}, Failure.DENIED),
        ({"code": "a code that nobody gave"}, Failure.AWAY),
    ],
)
def test_what_comes_back_is_not_believed(
    twin: OpenIdTwin, said: dict[str, str], why: Failure
) -> None:
    assert failure(twin, **said) is why


def test_a_code_works_once(twin: OpenIdTwin) -> None:
    there = OpenIdProvider(twin.about())
    begun = there.begin(BACK)
    said = twin.visit(begun.url)
    there.finish(begun, BACK, said, NOW)
    with pytest.raises(SignInFailed):
        there.finish(begun, BACK, said, NOW)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("trouble", ["html", "array", "half", "error", "redirect", "deep", "long"])
def test_a_provider_in_trouble_is_away(twin: OpenIdTwin, path: str, trouble: str) -> None:
    twin.trouble[path] = trouble
    assert failure(twin) is Failure.AWAY


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("trouble", ["hang", "drops"])
def test_a_provider_that_takes_too_long_is_left(
    twin: OpenIdTwin, path: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is short for the one answer that does not come, whatever the machine has to do."""

    def fetch(address: str, *more: Any) -> Any:
        seconds = 0.5 if urlsplit(address).path == path else 60
        monkeypatch.setattr(sign_in_web, "_TIMEOUT_SECONDS", seconds)
        return sign_in_web.fetch(address, *more)

    monkeypatch.setattr(sign_in, "fetch", fetch)
    twin.trouble[path] = trouble
    assert failure(twin) is Failure.AWAY
    assert twin.left.wait(PATIENCE), "it did not give up"


def test_keys_that_are_none_are_refused(twin: OpenIdTwin) -> None:
    twin.trouble["/keys"] = "odd-keys"
    assert failure(twin) is Failure.FORGED


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": None},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "https://["},
    ],
)
def test_a_provider_that_publishes_nonsense(twin: OpenIdTwin, document: dict[str, object]) -> None:
    twin.document = dict(document)
    assert failure(twin) in {Failure.AWAY, Failure.FORGED}


def test_an_address_beside_the_token_counts_for_the_same_person(twin: OpenIdTwin) -> None:
    twin.without = ("email", "email_verified")
    twin.userinfo = {"sub": "acme-17", "email": "ana@example.com", "email_verified": True}
    assert signed_in(twin).email_verified
    twin.userinfo["sub"] = "acme-18"
    assert failure(twin) is Failure.FORGED


@pytest.mark.parametrize("said", [False, None, "true", 1])
def test_only_true_verifies_an_address(twin: OpenIdTwin, said: object) -> None:
    twin.claims = {"email_verified": said}
    assert not signed_in(twin).email_verified


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"KB_OIDC_ACME_CLIENT_ID": "x"}, "KB_OIDC_ACME_ISSUER is missing"),
        ({"KB_OIDC_ACME_ISSUER": "https://a.example"}, "KB_OIDC_ACME_CLIENT_ID is missing"),
        (
            {"KB_OIDC_ACME_ISSUER": "http://a.example", "KB_OIDC_ACME_CLIENT_ID": "x"},
            "write https://host",
        ),
        (
            {
                "KB_OIDC_ACME_ISSUER": "https://a.example",
                "KB_OIDC_ACME_CLIENT_ID": "x",
                "KB_OIDC_ACME_ROLE": "admin",
            },
            "write customer or agent",
        ),
        (
            {"KB_OIDC_ACME_ISSUER": "twin:a@example.com", "KB_OIDC_ACME_CLIENT_ID": "x"},
            "only with KB_DEV=1",
        ),
        ({"KB_OIDC_ACME_ISUER": "https://a.example"}, "KB_OIDC_ACME_ISUER is no setting"),
        ({"KB_OIDC_FILE": "/nowhere.toml"}, "cannot be read"),
        ({"KB_REQUIRE_AGENT_2FA": "yes"}, "KB_REQUIRE_AGENT_2FA"),
    ],
)
def test_wrong_settings_say_which_and_how(env: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says.replace("(", r"\(")):
        read_settings({"KB_BASE_URL": "https://help.example.com", "KB_SECRET_KEY": "s" * 40, **env})


def test_the_twin_signs_in_whom_its_settings_name() -> None:
    env = {
        "KB_DEV": "1",
        "KB_SECRET_KEY": "s" * 40,
        "KB_OIDC_TRY_ISSUER": "twin:eva@example.com",
        "KB_OIDC_TRY_CLIENT_ID": "x",
    }
    twin = providers_for(read_settings(env))["try"]
    begun = twin.begin(BACK)
    assert twin.finish(begun, BACK, {"state": begun.state}, NOW).email == "eva@example.com"
    with pytest.raises(SignInFailed):
        twin.finish(replace(begun, state="other"), BACK, {"state": begun.state}, NOW)
