"""Policies of other embodiments on a server, as evaluations come by them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from websockets.sync.server import ServerConnection, serve

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.policies import PolicySource
from vla_humanoid.policy_runner.wire.arrays import pack, unpack

ARM = (
    '{"control_mode": "end_effector", "observation": {"state": {"entries": '
    '[{"name": "right_wrist_rotation", "layout": "6d_rows"}]}}, '
    '"action": {"dim": 4, "entries": {"right_wrist_x": {"index": 1, "unit": "m"}, "*": "hold"}}}'
)


@contextmanager
def served(shape: tuple[int, ...], told: list[object]) -> Iterator[str]:
    """Serve actions of a shape, as openpi does; yield the address."""

    def handle(connection: ServerConnection) -> None:
        connection.send(pack({}))
        for message in connection:
            assert isinstance(message, bytes)
            told.append(unpack(message))
            connection.send(pack({"actions": np.full(shape, 0.2)}))

    with serve(handle, "127.0.0.1", 0, compression=None, max_size=None) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_it_is_asked_once_before_anything_moves() -> None:
    told: list[object] = []
    with served((5, 4), told) as address:
        source = PolicySource(EvaluationConfig(address, mapping=ARM))
        assert source.description is not None
        assert source.description.action.control_mode == "end_effector"
        assert source.description.cameras == ()
        source.close()
    (asked,) = told
    assert isinstance(asked, dict)
    assert set(asked) == {"state", "prompt"}
    assert asked["state"].tolist() == [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]


def test_answers_of_another_shape_are_refused_before_anything_moves() -> None:
    with served((5, 7), []) as address, pytest.raises(ConfigurationError, match=r"\(5, 7\)"):
        PolicySource(EvaluationConfig(address, mapping=ARM))


def test_without_a_mapping_the_server_has_to_describe_itself() -> None:
    with served((5, 4), []) as address, pytest.raises(ConfigurationError, match="--mapping"):
        PolicySource(EvaluationConfig(address))
