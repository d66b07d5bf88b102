"""What a thief or a hostile provider might send instead of an honest token, and the settings of the tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from joserfc import jwt

from tests.pages.identity_provider import CLIENT, FOREIGN, KEY, SECRET, by_password, signed, unsigned

OWN = "https://testserver"
Claims = dict[str, Any]


def environment(issuer: str) -> dict[str, str]:
    return {
        "EDU_OIDC_ISSUER": issuer, "EDU_OIDC_CLIENT_ID": CLIENT, "EDU_OIDC_CLIENT_SECRET": SECRET, "EDU_OIDC_ADDRESS": OWN,
        "EDU_HOSTS": "testserver",
    }  # fmt: skip


def altered(**changes: object) -> Callable[[Claims], str]:
    def sign(claims: Claims) -> str:
        changed = {**claims, **{name: say(claims) if callable(say) else say for name, say in changes.items()}}
        return signed({name: value for name, value in changed.items() if value is not None})

    return sign


def now(shift: int) -> Callable[[Claims], int]:
    return lambda claims: int(time.time()) + shift


FORGED: dict[str, Callable[[Claims], str]] = {
    "another nonce": altered(nonce="n" * 32),
    "no nonce": altered(nonce=None),
    "another audience": altered(aud="other"),
    "no audience": altered(aud=None),
    "another audience that names us": altered(aud="other", azp=CLIENT),
    "for several, given to another": altered(aud=[CLIENT, "other"], azp="other"),
    "for several, given to nobody": altered(aud=[CLIENT, "other"]),
    "another issuer": altered(iss="https://evil.example"),
    "no issuer": altered(iss=None),
    "expired": altered(iat=now(-900), exp=now(-300)),
    "no end": altered(exp=None),
    "not yet": altered(nbf=now(600)),
    "from the future": altered(iat=now(600)),
    "of another access token": altered(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "another key of the same name": lambda claims: jwt.encode({"alg": "RS256", "kid": "a"}, claims, FOREIGN),
    "a key the provider has not": lambda claims: jwt.encode({"alg": "RS256", "kid": "b"}, claims, FOREIGN),
    "its own key in the header": lambda claims: jwt.encode({"alg": "RS256", "jwk": FOREIGN.as_dict()}, claims, FOREIGN),
    "alg none": unsigned,
    "alg none, signature kept": lambda claims: unsigned(claims) + signed(claims).split(".")[2],
    "the public key as a password": lambda claims: by_password(claims, KEY.as_pem(private=False)),
    "the client's secret as a key": lambda claims: by_password(claims, SECRET.encode()),
    "altered after signing": lambda claims: ".".join(
        [
            *signed(claims).split(".")[:1],
            *unsigned({**claims, "sub": "18"}).split(".")[1:2],
            *signed(claims).split(".")[2:],
        ]
    ),
    "no token": lambda claims: "",
    "no token at all": lambda claims: "a.b",
}
