"""A tab that costs the client little: it reads what the server sends and looks only for the end of the run.

The load stands on the machine of the server that it measures. `client.Browser` parses every message in two threads a tab;
this one takes half of its processor time, a few per cent of the server's."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Mapping
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.soak.served import Served

SHORT = 64  # bytes: the word that a run has finished is never longer, and little else is so short
_BINARY, _CLOSE, _PING, _PONG = 0x2, 0x8, 0x9, 0xA
_EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN
_CHUNK = 1 << 18


class Light:
    """`with Light(served, headers) as tab`: one tab over a websocket of its own."""

    def __init__(self, served: Served, headers: Mapping[str, str]) -> None:
        self.served, self.headers = served, headers
        self._held = bytearray()

    def __enter__(self) -> Light:
        self._socket = socket.create_connection(("127.0.0.1", self.served.port), timeout=35)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = {
            "Host": f"127.0.0.1:{self.served.port}", "Origin": self.served.address, "Connection": "Upgrade",
            "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol": "streamlit, none", **self.headers,
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket.sendall(f"GET /_stcore/stream HTTP/1.1\r\n{head}\r\n".encode())
        while b"\r\n\r\n" not in self._held:
            self._more()
        answer, _, rest = bytes(self._held).partition(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(answer.partition(b"\r\n")[0].decode("latin-1"))
        self._held = bytearray(rest)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def open(self, page: str = "", timeout: float = 120) -> None:
        """Run a page's script and wait until it has finished. Raises TimeoutError, or ConnectionError where the server hung
        up."""
        message = BackMsg()
        message.rerun_script.page_name = page
        self._socket.settimeout(timeout)
        self._send(_BINARY, message.SerializeToString())
        while True:
            kind, content = self._frame()
            if kind == _PING:
                self._send(_PONG, content)
            elif kind == _CLOSE:
                raise ConnectionError("the server closed the tab")
            elif len(content) <= SHORT and _is_end(content):
                return

    def _send(self, kind: int, content: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(content))
        size = struct.pack("!B", 0x80 | len(content)) if len(content) < 126 else struct.pack("!BH", 0xFE, len(content))
        self._socket.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def _frame(self) -> tuple[int, bytes]:
        """(kind, content) of the next frame; of a long one nothing but its first bytes is kept."""
        self._at_least(2)
        kind, short = self._held[0] & 0x0F, self._held[1] & 0x7F
        wide = {126: 2, 127: 8}.get(short, 0)
        self._at_least(2 + wide)
        size = int.from_bytes(self._held[2 : 2 + wide], "big") if wide else short
        del self._held[: 2 + wide]
        if size <= SHORT:
            self._at_least(size)
            content = bytes(self._held[:size])
            del self._held[:size]
            return kind, content
        self._skip(size)
        return kind, b"." * (SHORT + 1)

    def _skip(self, size: int) -> None:
        while size > len(self._held):
            size -= len(self._held)
            self._held.clear()
            self._more()
        del self._held[:size]

    def _at_least(self, size: int) -> None:
        while len(self._held) < size:
            self._more()

    def _more(self) -> None:
        got = self._socket.recv(_CHUNK)
        if not got:
            raise ConnectionError("the server hung up")
        self._held += got


def _is_end(content: bytes) -> bool:
    message = ForwardMsg()
    message.ParseFromString(content)
    return message.WhichOneof("type") == "script_finished" and message.script_finished != _EARLY
