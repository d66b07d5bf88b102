"""A browser's side of Streamlit without a browser: one tab over a real websocket, with its uploads.

AppTest knows neither the gate, nor media, nor the memory of sessions; this does.
"""

from __future__ import annotations

import contextlib
import http.client
import time
import uuid
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.soak.served import Served

LONGEST_MB = 256


class Browser:
    """`with Browser(served, cookie) as tab`: one tab; `resume` is the id of a dropped tab to be taken up."""

    def __init__(self, served: Served, cookie: str, resume: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.served, self.cookie, self.resume, self.headers = served, cookie, resume, dict(headers or {})
        self.session = ""
        self.token = ""
        self._socket: ClientConnection | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Browser:
        self.token = self._xsrf()
        cookies = self.cookie + (f"; _streamlit_xsrf={self.token}" if self.token else "")
        opening = connect(
            f"ws://127.0.0.1:{self.served.port}/_stcore/stream",
            additional_headers={"Cookie": cookies, **self.headers},
            origin=self.served.address,  # type: ignore[arg-type]
            subprotocols=["streamlit", self.token or "none", *([self.resume] if self.resume else [])],  # type: ignore[list-item]
            max_size=LONGEST_MB << 20,
            proxy=None,
            open_timeout=35,
        )
        self._socket = self._stack.enter_context(opening)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def _xsrf(self) -> str:
        """The token that the server gives on the way, as the page's own script asks for it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=35)
        connection.request("GET", "/_stcore/health", headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        answer.read()
        said = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
        connection.close()
        held = [value.partition("=")[2].partition(";")[0] for value in said if value.startswith("_streamlit_xsrf=")]
        return held[0].strip('"') if held else ""

    def open(self, page: str = "", query: str = "", timeout: float = 35) -> list[ForwardMsg]:
        """Run a page's script and wait until it has finished; returns what the server sent."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        return self.send(message, timeout)

    def send(self, message: BackMsg, timeout: float = 35) -> list[ForwardMsg]:
        """Raises TimeoutError where the run does not end in time, ConnectionClosed where the server hung up."""
        assert self._socket is not None
        self._socket.send(message.SerializeToString())
        return self._until_finished(timeout)

    def _until_finished(self, timeout: float) -> list[ForwardMsg]:
        assert self._socket is not None
        until, held = time.monotonic() + timeout, []
        while True:
            raw = self._socket.recv(timeout=max(until - time.monotonic(), 0))
            message = ForwardMsg()
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            held.append(message)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return held

    def answer_to(self, message: BackMsg, timeout: float = 35) -> ForwardMsg:
        """Ask for something beside the script, such as a file to be made, and wait for the answer."""
        assert self._socket is not None
        self._socket.send(message.SerializeToString())
        until = time.monotonic() + timeout
        while True:
            raw = self._socket.recv(timeout=max(until - time.monotonic(), 0))
            answer = ForwardMsg()
            answer.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            if answer.WhichOneof("type") == "backend_operation_response":
                return answer

    def send_raw(self, content: bytes | str) -> None:
        """Anything at all, as a hostile client would."""
        assert self._socket is not None
        self._socket.send(content)

    @property
    def is_open(self) -> bool:
        """Whether the server still holds the line."""
        assert self._socket is not None
        try:
            self._socket.ping().wait(5)
        except ConnectionClosed:
            return False
        return True

    def upload(self, name: str, content: bytes, *, token: str | None = None, session: str | None = None,
               said_length: bool = True) -> int:  # fmt: skip
        """Send a file to the endpoint that the page's box uses; returns the status."""
        edge = uuid.uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        held = self.token if token is None else token
        headers = {
            "Cookie": f"{self.cookie}; _streamlit_xsrf={self.token}", "X-Xsrftoken": held, "Origin": self.served.address,
            "Content-Type": f"multipart/form-data; boundary={edge}",
        }  # fmt: skip
        path = f"/_stcore/upload_file/{self.session if session is None else session}/{uuid.uuid4()}"
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        chunks: Any = body if said_length else (body[n : n + 65536] for n in range(0, len(body), 65536))
        with contextlib.suppress(
            BrokenPipeError, ConnectionResetError
        ):  # refused before all was sent: the answer is there
            connection.request("PUT", path, chunks, headers, encode_chunked=not said_length)
        try:
            return connection.getresponse().status
        finally:
            connection.close()
