"""A process of the API that is told to stop has stopped within five seconds, whatever goes on."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest
from replica_stage import Replica, replica, wait

from kyros_api.auth.passwords import hash_password
from kyros_api.metadata.engine import CHANGES, open_engine, take_turn
from kyros_api.storage.lock import nobody_else

if TYPE_CHECKING:
    from operator_stage import Operator

pytestmark = pytest.mark.databases

PASSWORD = "correct horse battery"


def stop(running: Replica) -> float:
    """Tell a process to stop; return how many seconds it took."""
    began = time.monotonic()
    running.process.terminate()
    running.process.wait(20)
    return time.monotonic() - began


def login(address: str, email: str, password: str = PASSWORD) -> int | None:
    """Sign in; return the status, None when there is no answer."""
    try:
        body = {"email": email, "password": password}
        return httpx2.post(f"{address}/api/auth/login", json=body, timeout=8).status_code
    except httpx2.TransportError:
        return None


def has_open(pid: int, name: str) -> bool:
    """Return whether a process has a file of that name open; it may close others meanwhile."""
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            if file.readlink().name == name:
                return True
    return False


def test_while_it_waits_for_the_data(operator: Operator) -> None:
    """Somebody restores, and it was to start once they have finished."""
    with nobody_else(operator.data_dir), replica(operator) as starting:
        end = time.monotonic() + 30
        while not has_open(starting.process.pid, ".in-use.lock"):
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(0.3)
        assert stop(starting) < 5


def test_while_somebody_keeps_the_database(operator: Operator) -> None:
    """One who sends half a question is waited for, and then audit events that cannot be moved."""
    operator.database.execute("UPDATE users SET password_hash = :it", it=hash_password(PASSWORD))
    engine = open_engine(operator.database.location)
    with replica(operator) as running:
        wait(running.address)
        where = urlsplit(running.address)
        with socket.create_connection((str(where.hostname), int(where.port or 0))) as half:
            half.sendall(b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
            time.sleep(0.5)
            assert 200 == login(running.address, "admin@acme.com")
            with engine.begin() as connection:
                take_turn(connection, CHANGES)
                took = stop(running)
    engine.dispose()
    assert took < 5
    with replica(operator) as after:  # nothing was lost
        wait(after.address)
        end = time.monotonic() + 20
        query = "SELECT count(*) FROM audit_log WHERE action = 'auth.sign_in'"
        while operator.database.rows(query) != [(1,)]:
            assert time.monotonic() < end
            time.sleep(0.1)


def test_while_many_sign_in(operator: Operator) -> None:
    """They wait for each other's turns, hashes and connections."""
    operator.database.execute("UPDATE users SET password_hash = :it", it=hash_password(PASSWORD))
    emails = [f"{number}@example.com" for number in range(149)] + ["admin@acme.com"]
    with replica(operator, SIGN_IN_LIMIT_PER_ADDRESS="1000/minute") as running:
        wait(running.address)
        with ThreadPoolExecutor(len(emails)) as threads:
            answers = threads.map(lambda email: login(running.address, email), emails)
            time.sleep(2)
            took = stop(running)
            assert {*answers} <= {200, 401, 429, 500, 503, None}
    assert took < 5
