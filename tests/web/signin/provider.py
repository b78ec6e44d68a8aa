"""Two identity providers: one that is real and honest, and one that says what a test has it say."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey


@contextmanager
def honest_provider(**users: dict[str, Any]) -> Iterator[str]:
    """The address of oidc-provider-mock, with users by their `sub` and claims."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own imports are deprecated ones
        import oidc_provider_mock as provider
    found = [provider.User(sub=sub, claims=claims) for sub, claims in users.items()]
    with provider.run_server_in_thread(user_claims=found) as server:
        yield f"http://localhost:{server.server_port}"


@dataclass
class Liar:
    """A provider whose replies a test sets."""

    address: str
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    about: dict[str, Any] = field(default_factory=dict)
    """Stands in place of what it says of itself."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Stands in place of what it says of the user."""
    userinfo: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    """"HS256" signs with the public key as if it were a secret; "none" does not sign."""
    signed_with: RSAKey | None = None
    nonce: str = ""
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    """Forms that came to the token endpoint."""

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.about

    def token(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": "bernard",
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "ada@example.gov.uk",
            "email_verified": True,
            "roles": ["staff"],
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "RS256":
            held = jwt.encode({"alg": "RS256"}, claims, self.signed_with or self.key)
        else:  # no library makes these two any more
            held = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": self.algorithm}, claims))
            public = self.key.as_pem(private=False)
            held += "." + (_encoded(hmac.digest(public, held.encode(), "sha256")) if self.algorithm == "HS256" else "")
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": held}


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@contextmanager
def liar() -> Iterator[Liar]:
    """A provider on a free port."""
    said: list[Liar] = []

    class Handler(BaseHTTPRequestHandler):
        def reply(self, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            match self.path:
                case "/.well-known/openid-configuration":
                    self.reply(said[0].metadata())
                case "/jwks":
                    self.reply({"keys": [said[0].key.as_dict(private=False)]})
                case "/userinfo":
                    self.reply(said[0].userinfo)

        def do_POST(self) -> None:
            said[0].asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.reply(said[0].token())

        def log_message(self, format: str, *args: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        said.append(Liar(f"http://127.0.0.1:{server.server_port}"))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield said[0]
        server.shutdown()
        thread.join()
