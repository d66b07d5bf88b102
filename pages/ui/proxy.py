"""Sign-in by a reverse proxy that says in a header who a person is. Off unless both variables are set.

`EDU_TRUSTED_PROXY` are the addresses (or small networks) of the proxy, `EDU_PROXY_HEADER` is the header's name. While it
is on, the header is the only way in: no password is asked and none is taken, and whoever does not come through the proxy
sees nothing.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from starlette.types import Scope

from db.engine import StoreError
from pages.text import phrase

_LOG = logging.getLogger(__name__)
IDENTITY = "edu_identity"  # where the gate notes whom the proxy named
PROXY, HEADER = "EDU_TRUSTED_PROXY", "EDU_PROXY_HEADER"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_RESERVED = frozenset({
    "host", "cookie", "authorization", "origin", "referer", "user-agent", "accept", "content-length", "content-type",
    "connection", "upgrade", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "x-edu-session",
})  # fmt: skip
_WIDEST = {4: 24, 6: 64}  # a proxy is a machine or a few, never everybody
_TELL_EVERY_S = 60.0
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(slots=True)
class Proxy:
    """The proxy that is believed, and the header (lower case) in which it names people."""

    networks: tuple[Network, ...]
    header: bytes
    _told: dict[str, float] = field(default_factory=dict)

    def identity(self, scope: Scope) -> str | None:
        """The account's name that the proxy gave, None where it gave none or somebody else did."""
        said = [value for name, value in scope["headers"] if name.lower() == self.header]
        if not self.is_peer(scope):
            if said:
                self._tell(scope)
            return None
        if len(said) != 1:
            return None
        name = said[0].decode("latin-1").strip().lower()
        return name if _NAME.fullmatch(name) else None

    def is_peer(self, scope: Scope) -> bool:
        """Whether the connection itself comes from the proxy."""
        peer = peer_of(scope)
        if peer is None:
            return False
        address = ipaddress.ip_address(peer)
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self.networks if network.version == mapped.version)

    def without_header(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """The headers of a request without the proxy's: nothing behind the gate reads it."""
        return [(name, value) for name, value in scope["headers"] if name.lower() != self.header]

    def _tell(self, scope: Scope) -> None:
        """In the log, once a minute for each address: somebody named themselves."""
        address, now = str((scope.get("client") or ("",))[0])[:64], time.monotonic()
        if now >= self._told.get(address, 0.0):
            if len(self._told) > 1000:
                self._told.clear()
            self._told[address] = now + _TELL_EVERY_S
            _LOG.warning("an identity header that did not come from the proxy was ignored", extra={"peer": address})


def peer_of(scope: Scope) -> str | None:
    """The address at the other end of the connection; None where it cannot be told for certain.

    The server puts what `X-Forwarded-For` says into the place of the address where the connection comes from the machine
    itself (or `FORWARDED_ALLOW_IPS`). It then has no port, or stands in that header: the first means the machine itself, the
    second could be anybody."""
    client = scope.get("client")
    if not client or not _is_address(client[0]):
        return None
    forwarded = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"x-forwarded-for"]
    if not forwarded:
        return str(client[0])
    if client[1] == 0:
        return "127.0.0.1" if "FORWARDED_ALLOW_IPS" not in os.environ else None
    return None if client[0] in ",".join(forwarded) else str(client[0])


def _is_address(text: object) -> bool:
    try:
        ipaddress.ip_address(str(text))
    except ValueError:
        return False
    return True


def from_environment(environment: Mapping[str, str] | None = None) -> Proxy | None:
    """The proxy of the environment, None where none is set. Raises StoreError where it is set by half or too widely."""
    values = os.environ if environment is None else environment
    networks, header = values.get(PROXY, "").strip(), values.get(HEADER, "").strip().lower()
    if not networks and not header:
        return None
    if not networks or not header:
        raise _refused("half")
    if not re.fullmatch(r"[a-z0-9-]{1,64}", header) or header in _RESERVED:
        raise _refused("header")
    return Proxy(tuple(_network(one.strip()) for one in networks.split(",") if one.strip()), header.encode())


@cache
def active() -> Proxy | None:
    """The proxy of this process."""
    return from_environment()


def _network(text: str) -> Network:
    try:
        found = ipaddress.ip_network(text)
    except ValueError as error:
        raise _refused("no_address", given=text[:64]) from error
    if found.prefixlen < _WIDEST[found.version]:
        raise _refused("too_wide", given=text)
    return found


def _refused(why: str, **values: object) -> StoreError:
    """Why the server does not start, as the person at the console reads it."""
    return StoreError(phrase("zh", f"sign_in.proxy.refused.{why}", proxy=PROXY, header=HEADER, **values))
