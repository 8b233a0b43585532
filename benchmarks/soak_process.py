"""A client of a soak that is killed, and the next one that takes its place."""

import multiprocessing
from contextlib import suppress

from soak_client import Account, keep_asking

SPAWN = multiprocessing.get_context("spawn")


class ClientProcess:
    """A client in a process of its own.

    Args:
        address: of the server.
        rate: packets per second.
        malformed: share of them that is not right.
        seed: of what is sent.
    """

    def __init__(self, address: str, rate: float, malformed: float, seed: int) -> None:
        self._arguments, self._seed = (address, rate, malformed), seed
        self._past = Account()
        self._start()

    def _start(self) -> None:
        self._latest = Account()
        self._reports, told = SPAWN.Pipe(duplex=False)
        self._process = SPAWN.Process(target=keep_asking, args=(told, *self._arguments, self._seed))
        self._process.start()
        told.close()

    @property
    def is_alive(self) -> bool:
        """Whether it asks."""
        return self._process.is_alive()

    def account(self) -> Account:
        """Return what became of its packets, and of those of all that had its place before."""
        # A report that was cut short by a kill ends in the same way.
        with suppress(EOFError):
            while self._reports.poll():
                self._latest = self._reports.recv()
        total = Account()
        total.add(self._past)
        total.add(self._latest)
        return total

    def kill(self) -> None:
        """Kill it with ``kill -9``, and count what was under way as nobody's."""
        self._process.kill()
        self._process.join()
        self._past = self.account()
        self._past.counts["left"] += self._past.counts.pop("open", 0)
        self._latest = Account()

    def replace(self) -> None:
        """Kill it, and start another with its account."""
        self.kill()
        self._reports.close()
        self._seed += 1000
        self._start()
