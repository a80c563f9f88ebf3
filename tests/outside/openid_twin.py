"""A sign-in provider of the tests: OpenID Connect over HTTP on this machine, keys and all.

It publishes itself, sends people back with a code, and gives a signed token for the code once,
to who knows the verifier (PKCE). `claims` changes what the next token says; `trouble` spoils
answers."""

import json
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from kb.settings import SignInProvider
from tests.outside.web_server import hung_up, serving

CLIENT, CLIENT_SECRET = "waypost", "a secret of the twin"


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class OpenIdTwin:
    """The provider; `person` is who is signed in there, `now` its clock."""

    now: datetime
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    userinfo: dict[str, Any] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)  # path -> hang, html, half, error, array
    document: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: new_key("one"))
    published: list[RSAKey] = field(default_factory=list)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)  # code -> the request
    paths: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    left: Event = field(default_factory=Event)
    """Whoever was kept waiting has hung up."""

    def about(self, role: str = "customer", name: str = "acme") -> SignInProvider:
        return SignInProvider(name, self.url, CLIENT, CLIENT_SECRET, role, "Acme")

    def visit(self, address: str) -> dict[str, str]:
        """A person goes to the provider, says yes, and comes back with this."""
        asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["client_id"] == CLIENT
        code = secrets.token_urlsafe(8)
        self.asked[code] = asked
        return {"code": code, "state": asked["state"]}

    def return_url(self, address: str) -> str:
        """Where the browser is sent back to."""
        back = self.visit(address)
        return f"{self.asked[back['code']]['redirect_uri']}?{urlencode(back)}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """What one address says: a status and something for JSON."""
        if path == "/.well-known/openid-configuration":
            return 200, self._about_itself()
        if path == "/keys":
            keys = self.published or [self.key]
            return 200, KeySet(list(keys)).as_dict(private=False)
        if path == "/userinfo":
            return 200, self.userinfo
        return self._token(form, authorization) if path == "/token" else (404, {})

    def _about_itself(self) -> dict[str, Any]:
        said = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
        }
        return {**said, **self.document}

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        asked = self.asked.pop(form.get("code", ""), None)
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = b64decode(authorization.removeprefix("Basic ")).decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
            or known != f"{CLIENT}:{CLIENT_SECRET.replace(' ', '%20')}"
        ):
            return 400, {"error": "invalid_grant"}
        moment = int(self.now.timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.claims,
        }
        said = {name: value for name, value in claims.items() if name not in self.without}
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)
        return 200, {"access_token": "twin", "token_type": "Bearer", "id_token": token}


@contextmanager
def openid_twin(now: datetime) -> Iterator[OpenIdTwin]:
    """Run a provider until the block ends."""
    twin = OpenIdTwin(now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say({}, "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: one[0] for name, one in parse_qs(body).items()}
            self._say(form, self.headers.get("Authorization", ""))

        def _say(self, form: dict[str, str], authorization: str) -> None:
            path = urlsplit(self.path).path
            twin.paths.append(path)
            trouble = twin.trouble.get(path, "")
            if trouble == "hang":
                if hung_up(self.connection):
                    twin.left.set()
                return
            status, said = twin.answer(path, form, authorization)
            body = {
                "html": b"<!doctype html><h1>Down for maintenance</h1>",
                "array": b"[]",
                "deep": b"[" * 100_000,
                "odd-keys": b'{"keys": ["one", 2]}',
                "long": b'"' + b"x" * 600_000 + b'"',
            }.get(trouble, json.dumps(said).encode())
            self.send_response({"error": 500, "redirect": 302}.get(trouble, status))
            if trouble == "redirect":
                self.send_header("Location", f"{twin.url}/keys")
            extra = 100 if trouble == "half" else 0
            self.send_header("Content-Length", str(len(body) + extra))
            self.end_headers()
            if trouble == "drops":
                for byte in body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    if twin.over.wait(0.2):
                        return
                return
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (BrokenPipeError, ConnectionResetError):
                twin.left.set()  # whoever asked has gone

    with serving(Handler, twin.over) as twin.url:
        yield twin
