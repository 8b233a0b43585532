import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vla_humanoid.assets.figures import JOINT_RANGES
from vla_humanoid.control.decoders import EndEffectorDecoder, RightArmDecoder, make_decoder
from vla_humanoid.control.rotations import rotvec_to_quat
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget
from vla_humanoid.schema import CONTROL_MODES, Pose, action_spec

normalized = arrays(np.float64, 18, elements=st.floats(-0.55, 0.55))


def resting_target() -> WholeBodyTarget:
    wrists = {
        side: Pose(np.array([0.2, y, 0.8]), np.array([1.0, 0.0, 0.0, 0.0]))
        for side, y in (("left", 0.2), ("right", -0.2))
    }
    return WholeBodyTarget(wrists, {}, {"left": 0.0, "right": 0.0}, np.zeros(3), 0.74)


@given(normalized)
@settings(max_examples=100, deadline=None)
def test_end_effector_actions_survive_decoding_and_encoding(action: np.ndarray) -> None:
    spec = action_spec("end_effector", JOINT_RANGES)
    physical = spec.to_physical(action)
    decoder = EndEffectorDecoder()
    assert decoder.encode(decoder.decode(physical)) == pytest.approx(physical, abs=1e-9)
    assert spec.to_normalized(physical) == pytest.approx(action, abs=1e-9)


def test_right_arm_steps_add_up_and_stay_in_the_workspace() -> None:
    decoder = RightArmDecoder()
    decoder.reset(resting_target())
    step = np.array([0.05, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    target = [decoder.decode(step) for _ in range(3)][-1]
    assert target.wrists["right"].position == pytest.approx([0.35, -0.2, 0.8])
    assert target.grips == {"left": 0.0, "right": 1.0}
    target = [decoder.decode(step) for _ in range(100)][-1]
    assert target.wrists["right"].position[0] == pytest.approx(0.8)
    assert target.wrists["left"].position == pytest.approx([0.2, 0.2, 0.8])


def test_each_mode_has_the_promised_dimension() -> None:
    dims = {mode: action_spec(mode, JOINT_RANGES).dim for mode in CONTROL_MODES}
    assert dims == {"end_effector": 18, "arm_joints": 23, "right_arm": 7, "joints": 43}


def test_an_unknown_mode_is_refused_with_the_valid_ones() -> None:
    with pytest.raises(ValueError, match="end_effector, arm_joints, right_arm, joints"):
        action_spec("cartesian", JOINT_RANGES)
    with pytest.raises(ValueError, match="no whole-body target"):
        make_decoder(action_spec("joints", JOINT_RANGES))


def test_the_stance_frame_and_back_is_the_identity() -> None:
    stance = StanceFrame(np.array([1.0, -2.0, 0.1]), yaw=0.7)
    pose = Pose(np.array([0.3, 0.2, 0.9]), rotvec_to_quat(np.array([0.2, -0.4, 1.0])))
    back = stance.from_world(stance.to_world(pose))
    assert back.position == pytest.approx(pose.position)
    assert back.quat_wxyz == pytest.approx(pose.quat_wxyz)
