"""How the dashboard's server answers, apart from what it says."""

from __future__ import annotations

import socket
import subprocess
import sys

import dashboard
from db.settings import PROJECT_ROOT


def test_connections_send_small_answers_at_once() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:  # made as Streamlit makes its own
        listening.bind(("127.0.0.1", 0))
        dashboard.answer_at_once()
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_sockets_of_other_kinds_are_left_alone() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socketpair()[0]:
        dashboard.answer_at_once()


def test_the_start_does_not_wait_for_what_only_pages_and_migrations_need() -> None:
    told = "import sys, dashboard; print(*{'pandas', 'alembic', 'etl', 'scipy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []
