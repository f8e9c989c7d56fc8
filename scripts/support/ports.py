"""Who holds a port of this machine."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack

import psutil

from scripts.support.docker import Container, containers


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listener in sockets:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in sockets]


def problem(port: int) -> str | None:
    """Say why a service cannot listen on 127.0.0.1:port, or return None when it can."""
    with socket.socket() as probe:
        # As servers do: a port that only has connections winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"used by {holder(port)}"
            return f"not to be had ({error.strerror})"
    return None


def holder(port: int) -> str:
    """Name the container or the process that listens on a port."""
    container = container_on(port)
    if container:
        owner = f" of {container.folder}" if container.folder else ""
        return f"the container {container.name}{owner}"
    process = process_on(port)
    if process:
        return f"{process.name()} (process {process.pid})"
    return "a program of another user"


def container_on(port: int) -> Container | None:
    """Return the running container that publishes a port."""
    return next((found for found in containers() if port in found.ports), None)


def process_on(port: int) -> psutil.Process | None:
    """Return the process that listens on a port, when it may be seen."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # macOS shows them to root only
        return None
    for found in connections:
        if found.status == psutil.CONN_LISTEN and found.pid and found.laddr[1:] == (port,):
            try:
                return psutil.Process(found.pid)
            except psutil.NoSuchProcess:
                return None
    return None
