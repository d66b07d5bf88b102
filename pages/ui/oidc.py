"""Sign-in through the bureau's identity provider (OpenID Connect). Off unless it is set; without it nothing is asked outside.

The provider says who somebody is, the session is this program's own: same limits, same log, ended by the same hands. The
protocol is Authlib's and joserfc's, and neither is loaded where it is off.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from db.engine import StoreError
from pages.text import phrase
from pages.ui import proxy
from pages.ui.gate import LOOPBACK, OIDC_BACK, SIGN_IN

ISSUER, CLIENT, ADDRESS = "EDU_OIDC_ISSUER", "EDU_OIDC_CLIENT_ID", "EDU_OIDC_ADDRESS"
SECRET, SECRET_FILE = "EDU_OIDC_CLIENT_SECRET", "EDU_OIDC_CLIENT_SECRET_FILE"
CLAIM, END_SESSION, USUAL_CLAIM = "EDU_OIDC_CLAIM", "EDU_OIDC_END_SESSION", "preferred_username"
_SIGNED_BY = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
)  # own keys only
_PATIENCE_S = (3.0, 7.0)  # to connect, to answer
_KEPT_S, _KEYS_AGAIN_S, _DOWN_S, _LEEWAY_S = 3600.0, 30.0, 5.0, 60
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")  # before folding: other letters fold into these


class Unreachable(Exception):
    """The provider does not answer, or not as one does."""


class NotBelieved(Exception):
    """What came back does not prove who it is. `why` is one word for the log, `said` the name it gave, if any."""

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(why)
        self.why, self.said = why, said


@dataclass(frozen=True, slots=True)
class Settings:
    """What the provider knows this program by, and by which claim it names accounts."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    address: str
    claim: str = USUAL_CLAIM
    end_session: bool = False


class Provider:
    """The provider of this process. Its methods wait for the network: call them from a thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._down_until = 0.0

    def start(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to say who it is."""
        asked: str = self._session().create_authorization_url(
            self._endpoint("authorization_endpoint"), state=state, nonce=nonce, code_verifier=verifier
        )[0]
        return asked

    def name(self, code: str, verifier: str, nonce: str) -> str:
        """The account's name that the provider vouches for in exchange for a code. Raises NotBelieved, Unreachable."""
        token = self._exchanged(code, verifier)
        claims = self._checked(str(token.get("id_token") or ""), str(token.get("access_token") or ""), nonce)
        said = claims.get(self.settings.claim)
        if not isinstance(said, str) or not _NAME.fullmatch(said):
            raise NotBelieved("name", re.sub(r"[^\w.@-]", "?", str(said or ""))[:64])
        return said.lower()

    def sign_out(self) -> str | None:
        """Where the provider's own session ends, None where that is not wanted or not offered."""
        if not self.settings.end_session or not self._metadata().get("end_session_endpoint"):
            return None
        back = {"client_id": self.settings.client_id, "post_logout_redirect_uri": self.settings.address + SIGN_IN}
        where = self._endpoint("end_session_endpoint")
        return where + ("&" if "?" in where else "?") + urlencode(back)

    def _session(self) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        ways = self._metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        one = self.settings
        return OAuth2Session(
            one.client_id, one.secret, scope="openid profile", redirect_uri=one.address + OIDC_BACK,
            code_challenge_method="S256", token_endpoint_auth_method=way,
        )  # fmt: skip

    def _exchanged(self, code: str, verifier: str) -> Mapping[str, Any]:
        import requests
        from authlib.integrations.base_client import OAuthError

        with self._session() as session:
            try:
                found: Mapping[str, Any] = session.fetch_token(
                    self._endpoint("token_endpoint"), grant_type="authorization_code", code=code,
                    code_verifier=verifier, timeout=_PATIENCE_S, allow_redirects=False,
                )  # fmt: skip
            except OAuthError as error:
                raise NotBelieved("code") from error
            except (requests.RequestException, ValueError, TypeError, AttributeError) as error:
                raise Unreachable from error
        return found

    def _checked(self, id_token: str, access_token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of a token that the provider signed for this program and this very sign-in, and that still holds."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                token = jwt.decode(id_token, self._keys(), algorithms=_SIGNED_BY)
            except InvalidKeyIdError:  # the provider may have changed its key
                token = jwt.decode(id_token, self._keys(_KEYS_AGAIN_S), algorithms=_SIGNED_BY)
            options: Any = {
                "iss": {"essential": True, "value": self.settings.issuer},
                "aud": {"essential": True, "value": self.settings.client_id},
                "nonce": {"essential": True, "value": nonce},
            }
            params = {"nonce": nonce, "client_id": self.settings.client_id, "access_token": access_token}
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotBelieved(type(error).__name__) from error
        return claims

    def _keys(self, kept_s: float = _KEPT_S) -> Any:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            return KeySet.import_key_set(self._got(self._endpoint("jwks_uri"), kept_s))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unreachable from error

    def _metadata(self) -> dict[str, Any]:
        found = self._got(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != self.settings.issuer:
            raise Unreachable("another issuer")
        return found

    def _endpoint(self, name: str) -> str:
        found = self._metadata().get(name)
        if not isinstance(found, str) or not _is_safe(found):
            raise Unreachable(name)
        return found

    def _got(self, address: str, kept_s: float = _KEPT_S) -> dict[str, Any]:
        """What stands at an address of the provider, kept for a while. One asks at a time, and nobody soon after a failure."""
        import requests

        with self._lock:
            held, now = self._known.get(address), time.monotonic()
            if held is not None and now < held[0] + kept_s:
                return held[1]
            if now < self._down_until:
                raise Unreachable
            try:
                answer = requests.get(address, timeout=_PATIENCE_S, allow_redirects=False)
                answer.raise_for_status()
                found = answer.json()
            except (requests.RequestException, ValueError) as error:
                self._down_until = time.monotonic() + _DOWN_S
                raise Unreachable from error
            if not isinstance(found, dict):
                raise Unreachable
            self._known[address] = (time.monotonic(), found)
            return found


def from_environment(environment: Mapping[str, str] | None = None) -> Settings | None:
    """The settings, None where none is set. Raises StoreError where they are incomplete or unsafe."""
    values = os.environ if environment is None else environment
    issuer, client, address = (values.get(one, "").strip() for one in (ISSUER, CLIENT, ADDRESS))
    given = values.get(SECRET, ""), values.get(SECRET_FILE, "")
    if not any((issuer, client, address, *given)):
        return None
    if not (issuer and client and address and any(given)):
        raise _refused("half")
    if all(given):
        raise _refused("two_secrets")
    if values.get(proxy.PROXY, "").strip() or values.get(proxy.HEADER, "").strip():
        raise _refused("proxy")
    for name, said in ((ISSUER, issuer), (ADDRESS, address)):
        if not _is_safe(said):
            raise _refused("no_https", name=name, given=said[:100])
    address = address.rstrip("/")
    if urlsplit(address).path or urlsplit(address).query or not _is_own(address, values.get("EDU_HOSTS", "")):
        raise _refused("address", given=address[:100])
    return Settings(
        issuer, client, given[0] or _read(given[1]), address,
        values.get(CLAIM, "").strip() or USUAL_CLAIM, values.get(END_SESSION, "").strip() == "1",
    )  # fmt: skip


@cache
def active() -> Provider | None:
    """The provider of this process, None where sign-in through one is off."""
    settings = from_environment()
    return None if settings is None else Provider(settings)


def _read(path: str) -> str:
    try:
        found = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise _refused("secret", given=path[:200]) from error
    if not found:
        raise _refused("secret", given=path[:200])
    return found


def _is_safe(address: str) -> bool:
    """Encrypted on the way, or on this machine."""
    try:
        found = urlsplit(address)
        host = found.hostname
    except ValueError:
        return False
    near = host in ("localhost", "127.0.0.1", "::1")
    return bool(host) and not found.username and not found.fragment and found.scheme in (("https", "http") if near else ("https",))  # fmt: skip


def _is_own(address: str, hosts: str) -> bool:
    netloc = re.sub(r":\d+$", "", urlsplit(address).netloc.lower())
    return netloc in {*LOOPBACK, *(one.strip().lower() for one in hosts.split(","))}


def _refused(why: str, **values: object) -> StoreError:
    """Why the server does not start, as the person at the console reads it. Never with the secret."""
    names = {"issuer": ISSUER, "client": CLIENT, "address": ADDRESS, "secret": SECRET, "file": SECRET_FILE}
    return StoreError(phrase("zh", f"sign_in.oidc.refused.{why}", **{**names, **values}))
