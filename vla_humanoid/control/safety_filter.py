"""The safety filter: what a policy asks for, changed as little as balance demands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from vla_humanoid.assets.postures import READY
from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.footprints import Footprints
from vla_humanoid.control.interventions import Intervention, Interventions
from vla_humanoid.control.robot_model import BODY_JOINTS
from vla_humanoid.control.target_bounds import within_bounds
from vla_humanoid.control.targets import StanceFrame, WholeBodyTarget
from vla_humanoid.schema import SIDES, FloatArray, Pose


@dataclass(frozen=True)
class SafetyConfig:
    """What is safe.

    Args:
        horizon: how far ahead the DCM is predicted [s].
        slow_margin, stop_margin: arms slow down as the predicted support margin falls from the
            first to the second, where they stop [m].
        walking_error: a walking robot's margin is at most this less the error of its DCM [m].
        walking_misses: the robot walks slower as the DCM at the next touch-down is predicted to
            miss what any step can catch by the first of these, and stops at the second [m]; the
            second less that miss bounds the margin by which the arms are judged, too.
        walking_box: where wrists may be while the robot walks [m], stance frame: lowest and highest
            x, the same of z, how far across the middle and how far to their own side:
            outstretched arms swing the body they hang on.
        walking_joint_range: how far arm and waist joints may be from the ready posture while the
            robot walks [rad].
        walking_heights: of the pelvis while the robot walks [m].
        clearance: the middle of the stance keeps so far from what stands on the floor [m].
        look_ahead: for how long a velocity is followed in thought, to see where it leads [s].
        hysteresis: a margin or miss that has slowed arms or walk has to be better by so much before
            the next time counts as another [m].
    """

    horizon: float = 0.15
    slow_margin: float = 0.045
    stop_margin: float = 0.01
    walking_error: float = 0.12
    walking_misses: tuple[float, float] = (0.03, 0.08)
    walking_box: tuple[float, float, float, float, float, float] = (
        -0.10,
        0.45,
        0.62,
        1.2,
        0.0,
        0.45,
    )
    walking_joint_range: float = 0.8
    walking_heights: tuple[float, float] = (0.62, 0.78)
    clearance: float = 0.34
    look_ahead: float = 0.9
    hysteresis: float = 0.01


@dataclass(frozen=True)
class WalkForecast:
    """What is expected of a walking robot.

    Args:
        planned_dcm: for now [m], world frame, shape (2,).
        miss: how far the DCM will be, at the next touch-down, from what the best step within reach
            can go on from [m].
    """

    planned_dcm: FloatArray
    miss: float


class SafetyFilter:
    """Checks targets before they are followed, and paces how they are followed.

    Args:
        config: what is safe.
        interventions: where changes are counted.
    """

    def __init__(self, config: SafetyConfig, interventions: Interventions) -> None:
        self._config = config
        self._interventions = interventions
        self._dropped_steps = 0

    def verify_balance_constraints(
        self, target: WholeBodyTarget, *, walking: bool
    ) -> WholeBodyTarget:
        """Return the nearest target that the robot can follow without losing its balance.

        Args:
            target: finite.
            walking: whether the robot walks or is told to.
        """
        if not walking:
            return target
        low, high = self._config.walking_heights
        height = min(max(target.pelvis_height, low), high)
        if height != target.pelvis_height:
            self._interventions.add(
                Intervention(
                    "height_while_walking",
                    f"The robot does not walk with its pelvis at {target.pelvis_height:.2f} m but "
                    f"at {height:.2f} m.",
                )
            )
        wrists = {side: self._near(side, pose) for side, pose in target.wrists.items()}
        joints = self._near_joints(target.joints)
        return replace(target, wrists=wrists, joints=joints, pelvis_height=height)

    def finite(self, target: WholeBodyTarget, before: WholeBodyTarget) -> WholeBodyTarget:
        """Return a target if all its numbers are finite, else the one before.

        Raises:
            ValueError: if the base velocity is not an array of three entries, a pose has another
                shape, a grip is missing, or there is no such wrist or joint.
        """
        _require_form(target)
        poses = {
            side: np.concatenate([pose.position, pose.quat_wxyz])
            for side, pose in target.wrists.items()
        }
        bad = [f"the {side} wrist" for side, pose in poses.items() if not np.isfinite(pose).all()]
        bad += [name for name, position in target.joints.items() if not np.isfinite(position)]
        bad += [f"the {side} grip" for side, grip in target.grips.items() if not np.isfinite(grip)]
        if not np.isfinite(target.base_velocity).all():
            bad.append("the base velocity")
        if not np.isfinite(target.pelvis_height):
            bad.append("the pelvis height")
        if not bad:
            return target
        self._interventions.add(
            Intervention(
                "not_finite",
                f"The target is not finite at {', '.join(bad)}; the previous target is kept.",
            )
        )
        return before

    def bounded(self, target: WholeBodyTarget) -> WholeBodyTarget:
        """Return the nearest target within the ranges of all it asks for; see `within_bounds`.

        Args:
            target: finite.
        """
        bounded, beyond = within_bounds(target)
        if not beyond:
            return bounded
        self._interventions.add(
            Intervention(
                "out_of_bounds",
                f"The target is out of range at {', '.join(beyond)}; the nearest is taken.",
            )
        )
        return bounded

    def report_dropped(self, steps: int) -> None:
        """Count and explain that given footsteps were dropped.

        Args:
            steps: how many have been since the last reset.
        """
        if steps == self._dropped_steps:
            return
        lost, self._dropped_steps = steps - self._dropped_steps, steps
        self._interventions.add(
            Intervention(
                "steps_dropped",
                f"{lost} given footsteps were dropped: the next was out of reach from where the "
                "support foot came down, or the robot fell back.",
            )
        )

    def pace(self, balance: BalanceState, walk: WalkForecast | None) -> float:
        """Return the share of their speed at which the arms may go on to their targets.

        For a standing robot the DCM is predicted by the linear inverted pendulum with the ZMP that
        is measured now; for a walking one, at the next touch-down.

        Args:
            balance: measured.
            walk: None while the robot stands.
        """
        config = self._config
        if walk is None:
            predicted = balance.dcm + config.horizon * balance.omega * (balance.dcm - balance.zmp)
            margin = min(balance.support.margin(predicted), balance.support_margin)
        else:
            error = float(np.hypot(*(balance.dcm - walk.planned_dcm)))
            margin = min(config.walking_error - error, config.walking_misses[1] - walk.miss)
        share = (margin - config.stop_margin) / (config.slow_margin - config.stop_margin)
        share = min(max(share, 0.0), 1.0)
        if share < 1.0:
            whose = "predicted DCM" if walk is None else "walk"
            self._interventions.begin(
                Intervention(
                    "arms_slowed",
                    f"The {whose} has a margin of {margin:.3f} m; arms go on at {share:.0%} speed.",
                )
            )
        elif margin > config.slow_margin + config.hysteresis:
            self._interventions.end("arms_slowed")
        return share

    def report_limit(self, velocity: FloatArray, limited: FloatArray) -> None:
        """Count and explain that a velocity, shape (3,), was limited to what can be walked."""
        if limited is velocity:
            self._interventions.end("velocity_limited")
            return
        self._interventions.begin(
            Intervention(
                "velocity_limited",
                f"A velocity of {np.round(velocity, 2).tolist()} is more than can be walked; "
                f"{np.round(limited, 2).tolist()}.",
            )
        )

    def sustainable_velocity(self, velocity: FloatArray, miss: float) -> FloatArray:
        """Return a velocity at which the steps can catch the DCM again.

        Args:
            velocity: vx, vy [m/s] and yaw rate [rad/s], shape (3,).
            miss: see `WalkForecast`.
        """
        slow, stop = self._config.walking_misses
        share = min(max((stop - miss) / (stop - slow), 0.0), 1.0)
        if share == 1.0:
            if miss < slow - self._config.hysteresis:
                self._interventions.end("walk_slowed")
            return velocity
        self._interventions.begin(
            Intervention(
                "walk_slowed",
                f"At touch-down the DCM will be {miss:.3f} m from where a step can catch it; "
                f"the robot walks at {share:.0%} speed.",
            )
        )
        return share * velocity

    def clear_velocity(
        self, velocity: FloatArray, stance: StanceFrame, footprints: Footprints
    ) -> FloatArray:
        """Return a velocity that does not lead into what stands on the floor.

        Args:
            velocity: vx, vy [m/s] and yaw rate [rad/s] in the stance frame, shape (3,).
            stance: where the robot stands.
            footprints: of what stands on the floor.
        """
        here = stance.origin[:2]
        way = (stance.rotation[:2, :2] @ velocity[:2]) * self._config.look_ahead
        now, then = footprints.clearance(here), footprints.clearance(here + way)
        if then >= min(self._config.clearance, now):
            self._interventions.end("obstacle_ahead")
            return velocity
        share = min(max((now - self._config.clearance) / (now - then), 0.0), 1.0)
        self._interventions.begin(
            Intervention(
                "obstacle_ahead",
                f"The way leads to within {max(then, 0.0):.2f} m of something on the floor; "
                f"the robot goes on at {share:.0%} speed.",
            )
        )
        return velocity * (share, share, 1.0)

    def _near(self, side: str, pose: Pose) -> Pose:
        back, front, low, high, across, aside = self._config.walking_box
        right, left = (-across, aside) if side == "left" else (-aside, across)
        position = np.clip(pose.position, (back, right, low), (front, left, high))
        moved = float(np.linalg.norm(position - pose.position))
        if moved == 0.0:
            return pose
        self._interventions.add(
            Intervention(
                "arms_near_while_walking",
                f"The {side} wrist stays {moved:.2f} m nearer to the body while the robot walks.",
            )
        )
        return Pose(position, pose.quat_wxyz)

    def _near_joints(self, joints: Mapping[str, float]) -> dict[str, float]:
        reach = self._config.walking_joint_range
        near = {
            name: min(max(position, READY[name] - reach), READY[name] + reach)
            for name, position in joints.items()
        }
        changed = [name for name, position in near.items() if position != joints[name]]
        if changed:
            self._interventions.add(
                Intervention(
                    "arms_near_while_walking",
                    f"{len(changed)} joints, such as {changed[0]}, stay within {reach:.1f} rad of "
                    "the ready posture while the robot walks.",
                )
            )
        return near


def _require_form(target: WholeBodyTarget) -> None:
    velocity = target.base_velocity
    if not isinstance(velocity, np.ndarray) or velocity.shape != (3,):
        raise ValueError(
            f"base_velocity is an array of three entries (vx, vy, yaw rate), not {velocity!r}."
        )
    if unknown := sorted(set(target.joints) - set(BODY_JOINTS)):
        raise ValueError(f"Unknown joint {', '.join(unknown)}; there are {BODY_JOINTS}.")
    if unknown := sorted(set(target.wrists) - set(SIDES)):
        raise ValueError(f"Unknown wrist {', '.join(unknown)}; there are {SIDES}.")
    if set(target.grips) != set(SIDES):
        raise ValueError(f"grips has one entry for each of {SIDES}, not {dict(target.grips)}.")
    for side, pose in target.wrists.items():
        shapes = np.shape(pose.position), np.shape(pose.quat_wxyz)
        if shapes != ((3,), (4,)):
            raise ValueError(
                f"The {side} wrist's position and quat_wxyz have shapes (3,) and (4,), not "
                f"{shapes[0]} and {shapes[1]}."
            )
