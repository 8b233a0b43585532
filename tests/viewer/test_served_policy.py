"""A policy on a server that acts in a viewed episode."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from events_heard import QUICK
from websockets.sync.server import ServerConnection, serve

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.description import Description
from vla_humanoid.policy_runner.wire.arrays import pack, unpack
from vla_humanoid.policy_runner.wire.openpi import DESCRIPTION_KEY
from vla_humanoid.schema import POLICY_RATE, action_spec, state_fields
from vla_humanoid.viewer.errors import PolicyUnavailable
from vla_humanoid.viewer.session import Session

SERVED = Description(
    action=action_spec(QUICK.control_mode, JOINT_RANGES),
    state=state_fields(JOINT_NAMES),
    cameras=QUICK.cameras,
    image_size=QUICK.image_size if QUICK.cameras else 0,
    rate=float(POLICY_RATE),
)


@contextmanager
def served(description: Description, asked: list[object]) -> Iterator[str]:
    """Serve a policy that lets the robot stand; yield HOST:PORT."""
    stand = np.zeros((10, description.action.dim), dtype=np.float32)
    stand[:, -1] = 0.7  # pelvis height

    def answer(connection: ServerConnection) -> None:
        connection.send(pack({DESCRIPTION_KEY: description.to_json()}))
        for message in connection:
            assert isinstance(message, bytes)
            asked.append(unpack(message))
            connection.send(pack({"actions": stand}))

    with serve(answer, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_served_policy_acts_and_is_left_when_the_episode_is() -> None:
    asked: list[object] = []
    with served(SERVED, asked) as address:
        session = Session(replace(QUICK, policy="server", location=address))
        session.reset()
        for _ in range(9):
            session.step()
        reading = session.reading
        assert reading is not None
        assert reading.steps == 9
        assert reading.latency > 0.0
        session.close()
    assert len(asked) == 2
    assert isinstance(asked[0], dict)
    assert asked[0]["prompt"] == reading.instruction


def test_a_policy_for_other_actions_is_refused_with_every_difference() -> None:
    other = replace(SERVED, action=action_spec("arm_joints", JOINT_RANGES), rate=10.0)
    with served(other, []) as address:
        session = Session(replace(QUICK, policy="server", location=address))
        with pytest.raises(PolicyUnavailable) as refused:
            session.reset()
        session.close()
    said = str(refused.value)
    assert "control_mode: end_effector, where arm_joints is needed" in said
    assert "rate [Hz]: 20.0, where 10.0 is needed" in said
    assert "length of action: 18, where 23 is needed" in said
