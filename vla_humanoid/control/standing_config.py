"""Gains and weights of the standing controller."""

from dataclasses import dataclass, field

from vla_humanoid.control.references import FilterLimits
from vla_humanoid.control.whole_body_qp import QpConfig
from vla_humanoid.schema import CONTROL_RATE

_WRIST = FilterLimits(bandwidth=20.0, speed=0.6, acceleration=3.0)
_WRIST_ROTATION = FilterLimits(bandwidth=20.0, speed=3.0, acceleration=25.0)
_JOINT = FilterLimits(bandwidth=20.0, speed=2.0, acceleration=12.0)
_HEIGHT = FilterLimits(bandwidth=6.0, speed=0.3, acceleration=1.5)


@dataclass(frozen=True)
class StandingConfig:
    """Gains and weights of the standing controller.

    Each task is a PD law on accelerations with stiffness [1/s^2]; damping is critical unless given.

    Args:
        dt: period of the controller [s].
        dcm_gain: how fast DCM errors are driven out [1/s].
        zmp_margin: the commanded ZMP keeps this far from the edge of the support [m].
        com_weight: of the horizontal centre of mass.
        height_stiffness, height_weight: of the pelvis height.
        torso_stiffness, torso_weight: of the torso's orientation: low, so that it leans to reach.
        pelvis_weight: of the pelvis's orientation.
        sole_damping, sole_weight: keep the soles from moving.
        wrist_stiffness: of a wrist's pose.
        wrist_position_weight, wrist_rotation_weight: of a wrist's pose.
        posture_stiffness, posture_damping: of the joints' pull to the nominal posture.
        posture_weight, leg_posture_weight: of joints that no task moves; legs follow the tasks.
        joint_target_stiffness, joint_target_weight: of joints that have a target of their own.
        wrist_error, wrist_rotation_error, joint_error: what lags further behind is pulled no harder
            [m], [rad], [rad], so that an unreachable target cannot upset the balance.
        yield_margins: support margins between which the arms' weights rise from nearly nothing
            to full [m]: balance comes first, also where a hand presses on something.
        max_tilt: of pelvis and torso from the vertical [rad].
        min_height: of the pelvis above the floor [m].
        limit_rate: how fast these two limits may be approached [1/s].
        wrist_limits, wrist_rotation_limits, joint_limits, height_limits: how references may move.
        grip_rate: largest change of a grip [1/s].
        upper_kp, upper_kd: stiffness [N m/rad] and damping [N m s/rad] of arm and waist motors
            about the integrated accelerations; they overcome friction in the gears.
        lower_kd: damping of the leg motors [N m s/rad].
        reference_leak: how fast the integrated positions return to the measured ones [1/s].
        feedback_share: share of its effort limit by which the integrated position and velocity may
            pull an arm or waist motor.
    """

    dt: float = 1.0 / CONTROL_RATE
    dcm_gain: float = 6.0
    zmp_margin: float = 0.01
    com_weight: float = 60.0
    height_stiffness: float = 60.0
    height_weight: float = 2.0
    torso_stiffness: float = 60.0
    torso_weight: float = 1.0
    pelvis_weight: float = 0.7
    sole_damping: float = 50.0
    sole_weight: float = 30.0
    wrist_stiffness: float = 150.0
    wrist_position_weight: float = 10.0
    wrist_rotation_weight: float = 3.0
    posture_stiffness: float = 30.0
    posture_damping: float = 8.0
    posture_weight: float = 0.2
    leg_posture_weight: float = 0.05
    joint_target_stiffness: float = 150.0
    joint_target_weight: float = 8.0
    wrist_error: float = 0.05
    wrist_rotation_error: float = 0.4
    joint_error: float = 0.3
    yield_margins: tuple[float, float] = (0.015, 0.055)
    max_tilt: float = 0.45
    min_height: float = 0.50
    limit_rate: float = 8.0
    wrist_limits: FilterLimits = _WRIST
    wrist_rotation_limits: FilterLimits = _WRIST_ROTATION
    joint_limits: FilterLimits = _JOINT
    height_limits: FilterLimits = _HEIGHT
    grip_rate: float = 4.0
    upper_kp: float = 40.0
    upper_kd: float = 1.0
    lower_kd: float = 1.0
    reference_leak: float = 3.0
    feedback_share: float = 0.3
    qp: QpConfig = field(default_factory=QpConfig)
