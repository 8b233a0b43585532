"""Gains and weights of the balance controller."""

from dataclasses import dataclass, field

from vla_humanoid.control.fallback import FallbackConfig
from vla_humanoid.control.gait_config import GaitConfig
from vla_humanoid.control.references import FilterLimits
from vla_humanoid.control.safety_filter import SafetyConfig
from vla_humanoid.control.self_collision import SelfCollisionConfig
from vla_humanoid.control.sit_config import SitConfig
from vla_humanoid.control.whole_body_qp import QpConfig
from vla_humanoid.schema import CONTROL_RATE

_WRIST = FilterLimits(bandwidth=20.0, speed=0.6, acceleration=3.0)
_WRIST_ROTATION = FilterLimits(bandwidth=20.0, speed=3.0, acceleration=25.0)
_JOINT = FilterLimits(bandwidth=20.0, speed=2.0, acceleration=12.0)
_HEIGHT = FilterLimits(bandwidth=6.0, speed=0.3, acceleration=1.5)


@dataclass(frozen=True)
class TrunkConfig:
    """How pelvis and torso are held; stiffnesses are in [1/s^2], damping is critical.

    Args:
        height_stiffness, height_weight: of the pelvis height.
        walking_height_weight: likewise while the robot walks: straight legs cannot step.
        height_limits: how the wanted height may move.
        walking_height: the pelvis is no higher than this while the robot walks [m].
        torso_stiffness, torso_weight: of the torso's orientation: low, so that it leans to reach.
        pelvis_weight: of the pelvis's orientation.
        walking_trunk_weight: of both while the robot walks: then arms reach no further than they
            can by themselves.
        max_tilt: of pelvis and torso from the vertical [rad].
        min_height: of the pelvis above the floor [m].
        limit_rate: how fast these two limits may be approached [1/s].
    """

    height_stiffness: float = 60.0
    height_weight: float = 2.0
    height_limits: FilterLimits = _HEIGHT
    walking_height: float = 0.70
    walking_height_weight: float = 15.0
    torso_stiffness: float = 60.0
    torso_weight: float = 1.0
    pelvis_weight: float = 0.7
    walking_trunk_weight: float = 4.0
    max_tilt: float = 0.45
    min_height: float = 0.50
    limit_rate: float = 20.0


@dataclass(frozen=True)
class FeetConfig:
    """How feet are held on the ground and moved through the air.

    Args:
        hold_damping, hold_weight: keep soles in contact from moving; damping in [1/s].
        swing_stiffness, swing_weight: of a swinging foot's pose; stiffness in [1/s^2].
    """

    hold_damping: float = 50.0
    hold_weight: float = 30.0
    swing_stiffness: float = 500.0
    swing_weight: float = 20.0


@dataclass(frozen=True)
class ArmsConfig:
    """How wrists follow their targets.

    Args:
        stiffness: of a wrist's pose [1/s^2]; damping is critical.
        position_weight, rotation_weight: of a wrist's pose.
        position_error, rotation_error: what lags further behind is pulled no harder [m], [rad],
            so that an unreachable target cannot upset the balance.
        position_limits, rotation_limits: how references may move.
    """

    stiffness: float = 150.0
    position_weight: float = 10.0
    rotation_weight: float = 3.0
    position_error: float = 0.05
    rotation_error: float = 0.4
    position_limits: FilterLimits = _WRIST
    rotation_limits: FilterLimits = _WRIST_ROTATION


@dataclass(frozen=True)
class PostureConfig:
    """How joints are pulled where no task moves them, or to targets of their own.

    Args:
        stiffness, damping: of the pull to the nominal posture [1/s^2], [1/s].
        weight, leg_weight: of joints that no task moves; legs follow the tasks.
        target_stiffness, target_weight: of joints that have a target of their own.
        target_error: what lags further behind is pulled no harder [rad].
        target_limits: how the references of such joints may move.
    """

    stiffness: float = 30.0
    damping: float = 8.0
    weight: float = 0.2
    leg_weight: float = 0.05
    target_stiffness: float = 150.0
    target_weight: float = 8.0
    target_error: float = 0.3
    target_limits: FilterLimits = _JOINT


@dataclass(frozen=True)
class MotorConfig:
    """What the motors do by themselves between two solves.

    Args:
        upper_kp, upper_kd: stiffness [N m/rad] and damping [N m s/rad] of arm and waist motors
            about the integrated accelerations; they overcome friction in the gears.
        lower_kd: damping of the leg motors [N m s/rad].
        reference_leak: how fast the integrated positions return to the measured ones [1/s].
        feedback_share: share of its effort limit by which the integrated position and velocity may
            pull an arm or waist motor.
        grip_rate: largest change of a grip [1/s].
    """

    upper_kp: float = 40.0
    upper_kd: float = 1.0
    lower_kd: float = 1.0
    reference_leak: float = 3.0
    feedback_share: float = 0.3
    grip_rate: float = 4.0


@dataclass(frozen=True)
class BalanceConfig:
    """Everything that shapes the balance controller.

    Args:
        dt: period of the controller [s].
        dcm_gain, walking_dcm_gain: how fast DCM errors are driven out, standing and walking [1/s].
        zmp_margin: the commanded ZMP keeps this far from the edge of the support [m].
        momentum_reach: so far beyond the support the centre of mass may be pushed as if the ZMP
            were there [m]; the torso and the arms then turn to make up for it.
        lean: a standing robot leans at most so far against a force that lasts [m].
        lean_time: in which it comes to do so [s].
        min_knee: bend that keeps a knee from its end stop [rad]; in a contradiction it gives way.
        knee_rate: how fast a knee may approach it [1/s].
        com_weight: of the horizontal centre of mass.
        yield_margins: support margins between which the arms' weights rise from nearly nothing
            to full [m]: balance comes first, also where a hand presses on something.
        walking_share: share of their weight that the arms have while the robot walks.
    """

    dt: float = 1.0 / CONTROL_RATE
    dcm_gain: float = 6.0
    walking_dcm_gain: float = 8.0
    zmp_margin: float = 0.01
    momentum_reach: float = 0.1
    lean: float = 0.03
    lean_time: float = 0.7
    min_knee: float = 0.1
    knee_rate: float = 20.0
    com_weight: float = 60.0
    yield_margins: tuple[float, float] = (0.015, 0.055)
    walking_share: float = 0.5
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    feet: FeetConfig = field(default_factory=FeetConfig)
    arms: ArmsConfig = field(default_factory=ArmsConfig)
    posture: PostureConfig = field(default_factory=PostureConfig)
    motors: MotorConfig = field(default_factory=MotorConfig)
    self_collision: SelfCollisionConfig = field(default_factory=SelfCollisionConfig)
    safety: SafetyConfig = field(default_factory=SafetyConfig)
    fallback: FallbackConfig = field(default_factory=FallbackConfig)
    sit: SitConfig = field(default_factory=SitConfig)
    gait: GaitConfig = field(default_factory=GaitConfig)
    qp: QpConfig = field(default_factory=QpConfig)
