"""Serves for an hour what clients may do to a server: ``python benchmarks/soak.py --minutes 60``.

Three clients ask for zeros; some of their packets are malformed, a client is killed now and then,
and the policy hangs now and then.
"""

import os
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from multiprocessing.context import SpawnProcess
from pathlib import Path
from urllib.error import HTTPError

import tyro
from processes import load, resident_memory
from soak_client import Account
from soak_process import SPAWN, ClientProcess
from soak_server import serve

from vla_humanoid.policy_runner.serving.metrics import PREFIX

CLIENTS = 3
LOOK_EVERY = 5.0
"""Between looks at memory and health [s]."""
WARM = 5.0
"""After so many minutes memory is to stay what it is."""


@dataclass(frozen=True)
class SoakConfig:
    """What the server has to take.

    Args:
        minutes: that it serves.
        hang_every: minutes between two hangs of the policy.
        kill_every: minutes between two kills of a client.
        rate: packets per second of each client.
        malformed: share of packets that are not right.
    """

    minutes: float = 60.0
    hang_every: float = 5.0
    kill_every: float = 1.0
    rate: float = 5.0
    malformed: float = 0.01


@dataclass
class Soak:
    """What was seen.

    Args:
        account: of all clients.
        kills: of clients.
        memory: seconds since the beginning, and the resident memory of the server then [MiB].
        unhealthy: looks at the server's health that found it restarting its policy.
        restarts: of the policy.
        complaints: what it wrote to its standard error.
        ended: whether it, or a client, ended unasked.
    """

    account: Account = field(default_factory=Account)
    kills: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)
    unhealthy: int = 0
    restarts: int = 0
    complaints: str = ""
    ended: bool = False

    def memory_at(self, seconds: float) -> float:
        """Return the memory at the look next to a time [MiB]."""
        return min(self.memory, key=lambda look: abs(look[0] - seconds))[1]

    @property
    def is_sound(self) -> bool:
        """Whether nothing crashed, and something was told, once, about every packet."""
        counts = self.account.counts
        wrong = any(counts[name] for name in ("unanswered", "again", "cut", "policy"))
        return not (wrong or self.ended or self.complaints)

    def lines(self) -> list[str]:
        """Return everything in words."""
        counts = self.account.counts
        late = ", ".join(
            f"{counts[name]} {name}" for name in ("late", "superseded", "hanging", "unavailable")
        )
        most = max((memory for _, memory in self.memory), default=0.0)
        last = self.memory[-1][0] if self.memory else 0.0
        return [
            f"{last / 60:.1f} min: {counts['good']} good packets: {counts['answered']} answered "
            f"(slowest {self.account.slowest:.2f} s), {late}, {counts['left']} of killed clients, "
            f"{counts['open']} under way, {counts['unanswered']} without an answer",
            f"{counts['malformed']} malformed, {counts['refused']} refused; "
            f"{counts['broken']} connections broken by clients, {counts['cut']} by the server",
            f"{self.kills} clients killed, {self.restarts} restarts of the policy; "
            f"crashed: {self.ended or bool(self.complaints)}",
            f"memory {self.memory_at(60 * WARM):.1f} MiB at {WARM:g} min, "
            f"{self.memory_at(last):.1f} at the end, {most:.1f} at most; {load()}",
        ]


def soak(config: SoakConfig) -> Soak:
    """Serve, and have clients do what they may.

    Raises:
        RuntimeError: if the server does not start.
    """
    found = Soak()
    ready, told = SPAWN.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        complaints = Path(folder) / "stderr"
        complaints.touch()
        arguments = told, complaints, 60.0 * config.hang_every
        server = SPAWN.Process(target=serve, args=arguments)
        server.start()
        if not ready.poll(60.0):
            server.kill()
            raise RuntimeError(f"The server does not start: {complaints.read_text()}")
        address = f"127.0.0.1:{ready.recv()}"
        clients = [
            ClientProcess(f"ws://{address}", config.rate, config.malformed, seed)
            for seed in range(CLIENTS)
        ]
        while not all(client.account().counts["good"] for client in clients):
            time.sleep(0.1)  # Where others compute on the machine, starting may take long.
        _watch(found, server, clients, address, config)
        found.ended = not server.is_alive() or not all(client.is_alive for client in clients)
        for client in clients:
            client.kill()
        found.account = _together(clients)
        server.terminate()
        server.join(30.0)
        found.ended |= server.exitcode != 0
        found.complaints = complaints.read_text()
    return found


def _watch(
    found: Soak,
    server: SpawnProcess,
    clients: list[ClientProcess],
    address: str,
    config: SoakConfig,
) -> None:
    begin, told = time.monotonic(), 0.0
    while (passed := time.monotonic() - begin) < 60.0 * config.minutes and server.is_alive():
        memory = resident_memory(os.getpid()).get(server.pid or 0, 0.0)
        found.memory.append((passed, memory))
        found.unhealthy += not _page(address, "healthz")
        if passed > (found.kills + 1) * 60.0 * config.kill_every:
            clients[found.kills % CLIENTS].replace()
            found.kills += 1
        found.account = _together(clients)
        found.restarts = _gauge(address, "policy_restarts")
        if passed - told >= 60.0:
            told = passed
            print("\n".join(found.lines()), flush=True)
        time.sleep(LOOK_EVERY)


def _together(clients: list[ClientProcess]) -> Account:
    total = Account()
    for client in clients:
        total.add(client.account())
    return total


def _page(address: str, name: str) -> str:
    """Return a page of the server; nothing if it says that it is not healthy."""
    try:
        with urllib.request.urlopen(f"http://{address}/{name}", timeout=10.0) as page:
            return page.read().decode()
    except HTTPError:
        return ""


def _gauge(address: str, name: str) -> int:
    lines = _page(address, "metrics").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{PREFIX}_{name} "))


def main(config: SoakConfig) -> None:
    """Print, once a minute and at the end, what was seen."""
    found = soak(config)
    print("\n".join(found.lines()), found.complaints, sep="\n")
    print("sound" if found.is_sound else "NOT SOUND")
    sys.exit(not found.is_sound)


if __name__ == "__main__":
    main(tyro.cli(tyro.conf.OmitArgPrefixes[SoakConfig]))
