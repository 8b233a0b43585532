"""Figures of sitting down on purpose."""

from dataclasses import dataclass

from vla_humanoid.control.references import FilterLimits

_SINKING = FilterLimits(bandwidth=6.0, speed=0.2, acceleration=1.0)
_FOLDING = FilterLimits(bandwidth=6.0, speed=0.6, acceleration=3.0)


@dataclass(frozen=True)
class SitConfig:
    """How the robot sits down while it can still balance, and when it cannot any more.

    Args:
        standing_height: a robot whose pelvis is lower when it is taken over does not stand [m].
        patience: for so long it waits for room and a crouch before it squats all the same [s].
        least_margin: support margin with which it begins to squat [m].
        squat_height: of the pelvis, to which it crouches before [m].
        reach: what stands nearer than this to a point so far ahead of the feet is in the way of
            knees and hands [m].
        retreat_speed: with which it steps back from that [m/s].
        retreat_height: of the pelvis while it does: knees have to be bent for a step [m].
        step_height: of the pelvis, from which a step can still be made; pushed over lower than
            that, it falls [m].
        lost_after: without any motion, even without limits of trunk and self-collision, for so
            long it falls [s].
        lowering: how the pelvis may sink.
        bottom_height: of the pelvis, lower than joints can fold, so that they fold as far as they
            can [m].
        low_height: lower than this the pelvis is about to touch the floor [m].
        still_speed: of the pelvis, when it does not sink any more [m/s].
        still_time: for how long [s].
        held_up_time: still for so long higher up, it rests on something and relaxes there [s].
        unloaded: feet that bear less than this share of the weight tell that something else bears
            the rest.
        heel_shift: the centre of mass moves so far back, towards the heels [m],
        shift_heights: while the pelvis sinks from the one height to the other [m].
        max_tilt: of pelvis and torso while squatting [rad].
        height_weight, torso_weight, pelvis_weight: of the squat's tasks; the pelvis is left to lean
            back, so that the waist can bend and bring the chest clear of the thighs.
        folding: how joints move to the seated posture.
        arrived: joints whose references are so near to it are there [rad].
        relax_time: in which the motors let go once the robot sits or lies still [s].
    """

    standing_height: float = 0.45
    patience: float = 6.0
    least_margin: float = 0.02
    squat_height: float = 0.66
    reach: float = 0.4
    retreat_speed: float = 0.2
    retreat_height: float = 0.72
    step_height: float = 0.5
    lost_after: float = 0.2
    lowering: FilterLimits = _SINKING
    bottom_height: float = 0.08
    low_height: float = 0.22
    still_speed: float = 0.02
    still_time: float = 0.2
    held_up_time: float = 1.0
    unloaded: float = 0.8
    heel_shift: float = 0.05
    shift_heights: tuple[float, float] = (0.6, 0.25)
    max_tilt: float = 0.6
    height_weight: float = 4.0
    torso_weight: float = 0.5
    pelvis_weight: float = 0.05
    folding: FilterLimits = _FOLDING
    arrived: float = 0.02
    relax_time: float = 1.0
