"""Timing and shape of the gait."""

from dataclasses import dataclass, field

from vla_humanoid.control.footsteps import StepReach


@dataclass(frozen=True)
class GaitConfig:
    """Timing and shape of the gait.

    Args:
        single_support: time for which a foot swings [s].
        double_support: time to shift the weight from one foot to the other while walking [s].
        first_double_support: the same, to start from a stand [s].
        last_double_support: time to shift the weight to the middle, to stop [s].
        shortest_swing: no foot lands earlier after lift-off [s].
        recovery_swing: planned time of a step that catches the robot from a stand [s].
        clearance: how high a foot is lifted [m].
        crossing_swing: time for which a foot swings that passes over a bar [s].
        zmp_ahead: of a foot's planned ZMP from the sole's origin [m].
        zmp_inward: of a foot's planned ZMP towards the other foot [m].
        foot_speed: a foot can be moved so fast to another landing [m/s].
        landing_load: a swinging foot that bears so much has landed [N].
        lifting_share: a foot that bears a larger share of the weight is not lifted yet.
        descent_speed: of a foot that has not found the ground where it was expected [m/s].
        fastest: velocity limits: ahead, back, sideways [m/s], turning [rad/s]. A command that
            combines them stays within the ellipsoid that they span.
        acceleration: how fast the velocity command may change: x, y [m/s^2], yaw [rad/s^2].
        slowest: commands slower than this mean to stand: x, y [m/s], yaw [rad/s].
        square: feet that stand side by side to within this need no further step: ahead, aside
            [m], turned [rad].
        escape: the DCM may leave the support by so much before the robot steps from a stand [m].
        lost_margin: with the DCM so far outside both feet, no weight is shifted before a step [m].
        last_step_miss: a last step that would miss the DCM by more is followed by another [m].
        caught_margin: after a step with the DCM so far within the support the robot may stop [m].
        stopping_margin: the ZMP of a stop keeps so far within the support [m].
        steps_ahead: so many steps of the future shape the motion.
        adapts_steps: whether footsteps move with the DCM; without, they land where planned.
        reach: where a foot may land.
    """

    single_support: float = 0.36
    double_support: float = 0.12
    first_double_support: float = 0.45
    last_double_support: float = 0.40
    shortest_swing: float = 0.25
    recovery_swing: float = 0.38
    clearance: float = 0.05
    crossing_swing: float = 0.55
    zmp_ahead: float = 0.03
    zmp_inward: float = 0.005
    foot_speed: float = 2.5
    landing_load: float = 40.0
    lifting_share: float = 0.35
    descent_speed: float = 0.15
    fastest: tuple[float, float, float, float] = (0.5, 0.35, 0.3, 1.0)
    acceleration: tuple[float, float, float] = (0.8, 0.6, 2.0)
    slowest: tuple[float, float, float] = (0.04, 0.04, 0.06)
    square: tuple[float, float, float] = (0.03, 0.03, 0.08)
    escape: float = 0.0
    lost_margin: float = 0.02
    last_step_miss: float = 0.03
    caught_margin: float = 0.02
    stopping_margin: float = 0.01
    steps_ahead: int = 3
    adapts_steps: bool = True
    reach: StepReach = field(default_factory=StepReach)

    def swing_time(self, over: float) -> float:
        """Return for how long a foot swings that passes over something of a height [m], or 0."""
        return self.crossing_swing if over > 0.0 else self.single_support

    @property
    def period(self) -> float:
        """Planned time from one landing to the next [s]."""
        return self.single_support + self.double_support
