"""Where the ZMP is: inside what bears the robot, and where the dynamics put it."""

from dataclasses import dataclass, field

import numpy as np
from balance_arms import reach_to_and_fro
from balance_report import Row, Settings, share, spread
from balance_robot import BenchmarkRobot, Conditions, robot_after_settling
from balance_walking import COMMANDS

from vla_humanoid.control.balance_state import support_polygon

BEARS = 5.0
"""A foot that presses harder is on the ground [N]."""
WALKING_SECONDS, STANDING_SECONDS = 20.0, 10.0
ROUNDING = 1e-4
"""[m]"""


@dataclass
class ZmpMargins:
    """Distance of the measured ZMP from the edge of the support, at every tick [m]; see `measure`.

    Args:
        bearing: of the feet that bear load.
        planned: of the feet that the gait counts on.
        airborne: ticks at which no foot bears load.
    """

    bearing: list[float] = field(default_factory=list)
    planned: list[float] = field(default_factory=list)
    airborne: int = 0

    def __call__(self, robot: BenchmarkRobot) -> None:
        """Take in the state of a tick."""
        balance, soles = robot.controller.balance, robot.controller.model.soles()
        bearing = {
            side: sole for side, sole in soles.items() if robot.state.foot_wrenches[side][2] > BEARS
        }
        if not bearing:
            self.airborne += 1
            return
        self.bearing.append(support_polygon(bearing).margin(balance.zmp))
        self.planned.append(balance.support.margin(balance.zmp))


class ZmpDifference:
    """Distance between the ZMPs of the feet's wrenches and of the motion, at every tick [m]."""

    def __init__(self) -> None:
        self.distances: list[float] = []

    def __call__(self, robot: BenchmarkRobot) -> None:
        """Take in the state of a tick."""
        balance = robot.controller.balance
        self.distances.append(float(np.hypot(*(balance.zmp_dynamics - balance.zmp))))


def measure_zmp(settings: Settings) -> list[Row]:
    """Return how the ZMP lies in the support while walking, and how both ZMPs agree."""
    rows = []
    for name, command in COMMANDS.items():
        robot, margins = robot_after_settling(Conditions()), ZmpMargins()
        robot.run(max(3.0, settings.scale * WALKING_SECONDS), command, watch=margins)
        for what, values in (
            ("the feet that bear load", margins.bearing),
            ("the feet that the gait counts on", margins.planned),
        ):
            inside = sum(value >= -ROUNDING for value in values)
            rows.append(
                Row(
                    f"{name}: ZMP within {what}",
                    "every tick",
                    f"{share(inside, len(values))}, worst {1e3 * min(values):.1f} mm, "
                    f"{spread(values, 'mm', 1e3)}; {margins.airborne} ticks in the air",
                )
            )
    return rows


def measure_agreement(settings: Settings) -> list[Row]:
    """Return how far the ZMP of the wrenches is from that of the motion in a stand."""
    seconds = max(3.0, settings.scale * STANDING_SECONDS)
    still, reaching = ZmpDifference(), ZmpDifference()
    robot_after_settling(Conditions()).run(seconds, watch=still)
    reach_to_and_fro(robot_after_settling(Conditions()), seconds, reaching)
    return [
        Row(
            f"ZMP of wrenches and of motion apart, {what}",
            "1 cm",
            f"{spread(watch.distances, 'cm', 100.0, digits=2)}, "
            f"at most {100.0 * max(watch.distances):.2f} cm, {len(watch.distances)} ticks",
        )
        for what, watch in (("standing", still), ("standing, both wrists moving", reaching))
    ]
