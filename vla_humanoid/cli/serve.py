"""``vla-humanoid serve``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from vla_humanoid.cli.console import new_console


def serve(
    policy: str,
    port: int = 8000,
    host: str = "127.0.0.1",
    api_key_file: Annotated[Path | None, arg(metavar="FILE")] = None,
    allow_anyone: bool = False,
    deadline: float = 10.0,
    patience: float = 10.0,
    clients: int = 16,
    task: str = "PickPlace",
    control_mode: str = "end_effector",
    cameras: tuple[str, ...] = ("head", "right_wrist"),
    image_size: int = 224,
) -> int:
    """Let others ask a policy over WebSocket, in openpi's protocol.

    GET /healthz tells whether it answers, GET /metrics how fast. SIGHUP has the policy made anew,
    such as from a file that was replaced, and exchanged between two packets; SIGUSR1 puts the one
    before it back; SIGTERM ends it.

    Args:
        policy: zero, random, replay:DEMOS.hdf5 for the actions of the recorded episode with the
            same sentence, from the step at which the robot was most alike, shipped for the
            checkpoint that comes with this package, or the folder of another.
        port: to listen on.
        host: address to listen on; only this machine reaches the default.
        api_key_file: file with the key that clients have to send.
        allow_anyone: listen on an address that others reach, without a key.
        deadline: how long an answer is of use to clients that do not say so [s].
        patience: after which a policy that does not answer is restarted [s].
        clients: at once.
        task: for zero and random, whose environment it acts in.
        control_mode: for zero and random, what actions mean.
        cameras: for zero and random, whose images it is sent.
        image_size: for zero and random, height and width of these [px].
    """
    from vla_humanoid.data_collection.served_policies import (
        Surroundings,
        policy_maker,
        policy_server,
        read_api_key,
        serve_until_signalled,
    )

    make_policy = policy_maker(policy, Surroundings(task, control_mode, cameras, image_size))
    server = policy_server(
        make_policy,
        host=host,
        port=port,
        api_key="" if api_key_file is None else read_api_key(api_key_file),
        allow_anyone=allow_anyone,
        deadline=deadline,
        patience=patience,
        most_clients=clients,
    )
    console = new_console()
    serve_until_signalled(
        server,
        make_policy,
        tell=lambda line: console.print(f"{policy}: {line}", soft_wrap=True),
    )
    return 0
