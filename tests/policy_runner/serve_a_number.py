"""A program for the tests: serves a policy whose every command is the number in a file."""

import sys
from pathlib import Path

from served_policy import QUICK, ToldPolicy

from vla_humanoid.policy_runner.serving.running import run_until_signalled
from vla_humanoid.policy_runner.serving.server import PolicyServer, ServerConfig


def serve(file: Path) -> None:
    """Serve; tell every event in a line."""

    def make() -> ToldPolicy:
        return ToldPolicy(float(file.read_text()))

    run_until_signalled(
        PolicyServer(make, ServerConfig(port=0, slot=QUICK)),
        on_ready=lambda _, port: print(port, flush=True),
        make_policy=make,
        on_swap=lambda line: print(line, flush=True),
    )


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
