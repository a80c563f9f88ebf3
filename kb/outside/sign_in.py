"""Sign-in by OpenID Connect: the code flow with PKCE, state and nonce (OpenID Connect Core §3.1).

Keys, tokens and claims are judged by joserfc and authlib; `sign_in_web.py` fetches a provider's
answers."""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode

from joserfc.errors import JoseError

from kb.outside.sign_in_web import Failure, SignInFailed, fetch, safe
from kb.settings import Settings, SignInProvider

if TYPE_CHECKING:
    from joserfc import jwt
    from joserfc.jwk import KeySet

# Their libraries take longer to load than half of the application; only a sign-in needs them.

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # signed by the provider alone: no HS256, no none
LEEWAY_SECONDS = 60  # how far the two clocks may be apart
TWIN = "twin:"  # an issuer that needs nothing, for trying out: `twin:name@example.com`
_KEPT_SECONDS = 3600.0
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError)  # of odd keys and tokens


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: `url` is where the person goes; the rest stays in their session."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider has signed in; the address counts only when the provider verified it."""

    subject: str
    email: str
    email_verified: bool
    first_name: str
    last_name: str


class Provider(Protocol):
    """What a page needs of a sign-in provider."""

    @property
    def about(self) -> SignInProvider: ...

    def begin(self, back: str) -> Begun:
        """Start a sign-in that returns to the address `back`."""

    def finish(self, begun: Begun, back: str, said: Mapping[str, str], now: datetime) -> Person:
        """Turn what came back into a person, or raise SignInFailed."""


def providers_for(settings: Settings) -> dict[str, Provider]:
    """Return the providers of a site by name: real ones, or twins where the settings say so."""
    return {
        one.name: TwinProvider(one) if one.issuer.startswith(TWIN) else OpenIdProvider(one)
        for one in settings.sign_in_providers
    }


class TwinProvider:
    """Signs in the one address its issuer names, without asking anybody."""

    def __init__(self, about: SignInProvider) -> None:
        self.about = about

    def begin(self, back: str) -> Begun:
        state = secrets.token_urlsafe(24)
        return Begun(f"{back}?{urlencode({'code': 'twin', 'state': state})}", state, "", "")

    def finish(self, begun: Begun, back: str, said: Mapping[str, str], now: datetime) -> Person:
        _check_state(begun, said)
        email = self.about.issuer.removeprefix(TWIN)
        return Person(email, email, True, email.partition("@")[0].title(), "")


class OpenIdProvider:
    """One provider; what it publishes about itself is kept for an hour."""

    def __init__(self, about: SignInProvider) -> None:
        self.about = about
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    def begin(self, back: str) -> Begun:
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # see above

        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = secrets.token_urlsafe(48)
        query = {
            "response_type": "code",
            "client_id": self.about.client_id,
            "redirect_uri": back,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        there = self._published("authorization_endpoint")
        joint = "&" if "?" in there else "?"
        return Begun(f"{there}{joint}{urlencode(query)}", state, nonce, verifier)

    def finish(self, begun: Begun, back: str, said: Mapping[str, str], now: datetime) -> Person:
        _check_state(begun, said)
        if said.get("iss", self.about.issuer) != self.about.issuer:  # RFC 9207
            raise SignInFailed(Failure.FORGED, "the answer names another issuer")
        if "error" in said or not said.get("code"):
            raise SignInFailed(Failure.DENIED, said.get("error", "no code came back"))
        tokens = self._exchange(begun, back, said["code"])
        claims = self._claims(tokens, begun.nonce, now)
        return _person({**self._more(tokens, claims), **claims})

    def _exchange(self, begun: Begun, back: str, code: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.about.client_id,
            "code_verifier": begun.verifier,
        }
        headers = {}
        if self.about.client_secret:
            pair = f"{quote(self.about.client_id, '')}:{quote(self.about.client_secret, '')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        return fetch(self._published("token_endpoint"), urlencode(form).encode(), headers)

    def _claims(self, tokens: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """The claims of an ID token that is signed, meant for us, for this very sign-in, now."""
        from authlib.oidc.core import CodeIDToken  # see above

        written = str(tokens.get("id_token", ""))
        options = {
            "iss": {"essential": True, "value": self.about.issuer},
            "aud": {"essential": True, "value": self.about.client_id},
        }
        params = {
            "nonce": nonce,
            "client_id": self.about.client_id,
            "access_token": tokens.get("access_token"),
        }
        try:
            token = self._decoded(written)
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except _UNREADABLE as error:
            raise SignInFailed(Failure.FORGED, f"the ID token is refused: {error}") from error
        return dict(claims)

    def _decoded(self, written: str) -> "jwt.Token":
        from joserfc import jwt  # see above

        try:
            return jwt.decode(written, self._keys(), algorithms=list(ALGORITHMS))
        except _UNREADABLE:
            self._forget("jwks_uri")  # keys are changed now and then: look once more
            return jwt.decode(written, self._keys(), algorithms=list(ALGORITHMS))

    def _more(self, tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider tells about the person beside the token, if the token lacks it."""
        there = self._document().get("userinfo_endpoint")
        if claims.get("email") or not there or not tokens.get("access_token"):
            return {}
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        told = dict(fetch(safe(str(there)), None, headers))
        if told.get("sub") != claims.get("sub"):
            raise SignInFailed(Failure.FORGED, "the provider told about another person")
        return told

    def _published(self, name: str) -> str:
        address = self._document().get(name)
        if not isinstance(address, str):
            raise SignInFailed(Failure.AWAY, f"{self.about.issuer} does not publish {name}")
        return safe(address)

    def _document(self) -> Mapping[str, Any]:
        issuer = self.about.issuer
        found: Mapping[str, Any] = self._keep(
            "document", f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        )
        if found.get("issuer") != issuer:
            self._forget("document")
            raise SignInFailed(Failure.FORGED, f"{issuer} says it is {found.get('issuer')}")
        return found

    def _keys(self) -> "KeySet":
        from joserfc.jwk import KeySet  # see above

        return KeySet.import_key_set(self._keep("jwks_uri", self._published("jwks_uri")))

    def _keep(self, name: str, address: str) -> Any:
        with self._lock:
            kept = self._kept.get(name)
        if kept and monotonic() - kept[0] < _KEPT_SECONDS:
            return kept[1]
        found = fetch(safe(address))
        with self._lock:
            self._kept[name] = (monotonic(), found)
        return found

    def _forget(self, name: str) -> None:
        with self._lock:
            self._kept.pop(name, None)


def _check_state(begun: Begun, said: Mapping[str, str]) -> None:
    if not secrets.compare_digest(begun.state.encode(), said.get("state", "").encode()):
        raise SignInFailed(Failure.FORGED, "this is not the sign-in that was begun here")


def _person(claims: Mapping[str, Any]) -> Person:
    names = str(claims.get("name") or "").rpartition(" ")
    return Person(
        subject=str(claims["sub"])[:255],
        email=str(claims.get("email") or ""),
        email_verified=claims.get("email_verified") is True,
        first_name=str(claims.get("given_name") or names[0] or names[2])[:100],
        last_name=str(claims.get("family_name") or (names[2] if names[0] else ""))[:100],
    )
