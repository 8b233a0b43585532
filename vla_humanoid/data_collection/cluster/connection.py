"""Connects to a Ray cluster."""

import logging
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import ray

from vla_humanoid.data_collection.errors import ConfigurationError


@contextmanager
def connected(address: str) -> Iterator[None]:
    """Be connected to a cluster; a connection that is there already is left as it is.

    Args:
        address: such as "10.0.0.1:6379", or "auto" for the cluster that this machine belongs to.

    Raises:
        ConfigurationError: if there is no such cluster, or it does not fit this process.
    """
    if ray.is_initialized():
        yield
        return
    with _own_termination():
        try:
            _reach(address)
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())
            raise ConfigurationError(
                f"No connection to a Ray cluster at {address!r}: {reason} Start one "
                "with `ray start --head`, add nodes with `ray start --address=HOST:6379`, and pass "
                "--ray auto or --ray HOST:6379."
            ) from error
    try:
        yield
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Look whether somebody listens at an address: Ray would try for minutes, deaf to signals.

    Raises:
        OSError: if nobody does.
        ValueError: if it is none.
    """
    if address == "auto":
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("an address is written HOST:PORT.")
    socket.create_connection((host, int(port)), timeout=10).close()


@contextmanager
def _own_termination() -> Iterator[None]:
    """Keep what this process does when it is asked to end: Ray would end it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
