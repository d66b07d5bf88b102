"""An identity provider on loopback for tests: honest unless it is told to twist what it signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "kanban", "s3cret-of-the-client"
KEY, FOREIGN = (RSAKey.generate_key(2048, {"kid": "a"}, private=True) for _ in range(2))
Sign = Callable[[dict[str, Any]], str]


def signed(claims: dict[str, Any]) -> str:
    """A token as it should be."""
    return jwt.encode({"alg": "RS256", "kid": "a"}, claims, KEY)


def unsigned(claims: dict[str, Any]) -> str:
    """A token of `alg` none."""
    return _unsigned("none", claims) + "."


def by_password(claims: dict[str, Any], password: bytes) -> str:
    """A token signed by what both sides know, or everybody, as if it were a password."""
    said = _unsigned("HS256", claims)
    return f"{said}.{_written(hmac.digest(password, said.encode(), 'sha256'))}"


def _unsigned(algorithm: str, claims: dict[str, Any]) -> str:
    return ".".join(_written(json.dumps(one).encode()) for one in ({"alg": algorithm, "kid": "a"}, claims))


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class IdentityProvider:
    """`sign` makes the token from honest claims, `who` is signed in there, `asked` are the paths that were asked for."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.who, self.sign, self.keys = "li", signed, KeySet([KEY])
        self.says_issuer = self.issuer
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    async def metadata(self, request: Request) -> JSONResponse:
        self.asked.append("metadata")
        ends = {f"{one}_endpoint": f"{self.issuer}/{one}" for one in ("authorization", "token", "end_session")}
        return JSONResponse({"issuer": self.says_issuer, **ends, "jwks_uri": f"{self.issuer}/jwks"})

    async def jwks(self, request: Request) -> JSONResponse:
        self.asked.append("jwks")
        return JSONResponse(self.keys.as_dict(private=False))

    async def authorization(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_hex(8)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def token(self, request: Request) -> JSONResponse:
        self.asked.append("token")
        form = dict(parse_qsl((await request.body()).decode()))
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self._codes.pop(form["code"], None)
        proof = _written(hashlib.sha256(form["code_verifier"].encode()).digest())
        if request.headers["authorization"] != f"Basic {known}" or asked is None or asked["code_challenge"] != proof:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "17", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        made = self.sign({**claims, "preferred_username": self.who, "staff": "wang"})
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": made})


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """A provider that answers until the block ends."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        one = IdentityProvider(line.getsockname()[1])
        paths = {
            "/.well-known/openid-configuration": one.metadata,
            "/jwks": one.jwks,
            "/authorization": one.authorization,
        }
        routes = [Route(path, answer) for path, answer in paths.items()]
        app = Starlette(routes=[*routes, Route("/token", one.token, methods=["POST"])])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([line],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield one
        finally:
            server.should_exit = True
            thread.join(10)


def asked_of(location: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
