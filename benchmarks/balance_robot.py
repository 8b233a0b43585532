"""The robot on a bare floor, with the randomness of one run, for the benchmarks of its balance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from vla_humanoid.assets.scene import Scene, Table
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.balance_config import BalanceConfig
from vla_humanoid.control.balance_controller import BalanceController
from vla_humanoid.control.footsteps import turned, wrapped
from vla_humanoid.control.rotations import quat_to_matrix, yaw_of
from vla_humanoid.envs.dynamics import Dynamics, sample_dynamics
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import PHYSICS_RATE, FloatArray
from vla_humanoid.sims.engine_names import Engine
from vla_humanoid.sims.engines import simulation_maker
from vla_humanoid.sims.mujoco_simulation import ActuatorModel
from vla_humanoid.sims.simulation import Simulation, SimulationDiverged
from vla_humanoid.tasks.core.hands import PINCH_POINTS
from vla_humanoid.tasks.core.locomotion import WALKING_PUSHES
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, Axes, EpisodeRandom

FRICTIONS = (0.6, 1.0)
"""Of the floor, where it is randomized."""
BODY_AXES: Axes = DEFAULT_AXES - {"pushes", "payload"}
"""All that differs from robot to robot, but nothing that acts on it."""
SETTLING = 0.5
"""Time for which every run begins with a stand [s]."""
_HAND_LOAD_RADIUS = 0.04


@dataclass(frozen=True)
class Conditions:
    """What a run meets.

    Args:
        seed: of its randomization.
        axes: what is randomized; the floor is level.
        hand_loads: mass in a hand that the controller does not know of, by side [kg].
        table: before the robot, or None.
        config: of the controller.
        engine: what simulates.
    """

    seed: int = 0
    axes: Axes = frozenset()
    hand_loads: Mapping[str, float] = field(default_factory=dict)
    table: Table | None = None
    config: BalanceConfig = field(default_factory=BalanceConfig)
    engine: Engine = "mujoco"


class BenchmarkRobot:
    """Controller and simulation; `run` advances both and tells whether the robot is on its feet."""

    def __init__(self, conditions: Conditions) -> None:
        random = EpisodeRandom(conditions.seed, conditions.axes)
        friction = random.uniform("floor_friction", FRICTIONS, Scene().floor_friction)
        scene = Scene(floor_friction=friction, table=conditions.table)
        dynamics = sample_dynamics(random, WALKING_PUSHES, carries_payload=True)
        self.simulation = _simulation(scene, dynamics, conditions)
        self.controller = BalanceController(conditions.config)
        self.time = 0.0
        self._pushes = dynamics.pushes
        self.steps = round(conditions.config.dt * PHYSICS_RATE)
        """Of physics, in a tick of the controller."""
        self.state = self.simulation.reset(initial_state(scene, dynamics)).robot
        self.controller.reset(self.state)
        # The feet bear the weight only once the motors hold the robot.
        command = self.controller.command(self.state)
        self.state = self.simulation.apply(command).robot
        self.target = self.controller.reset(self.state)

    def run(
        self,
        seconds: float,
        velocity: tuple[float, float, float] = (0.0, 0.0, 0.0),
        force: tuple[float, float, float] = (0.0, 0.0, 0.0),
        watch: Callable[["BenchmarkRobot"], None] | None = None,
    ) -> bool:
        """Go on for a while; return whether the robot is still on its feet.

        Args:
            seconds: for how long.
            velocity: commanded, ahead, to the left [m/s], turning left [rad/s].
            force: at the torso, beside the pushes of the run [N].
            watch: called at every tick, when the controller has seen `state` and commanded.
        """
        self.target = replace(self.target, base_velocity=np.array(velocity))
        self.controller.set_target(self.target)
        for _ in range(round(seconds / self.controller.config.dt)):
            self.simulation.push(np.array(force) + self._push())
            command = self.controller.command(self.state)
            if watch is not None:
                watch(self)
            try:
                self.simulation.step(command, self.steps)
            except SimulationDiverged:
                return False
            self.time += self.controller.config.dt
            self.state = self.simulation.robot_state()
            if not is_standing(self.state):
                return False
        return True

    def _push(self) -> FloatArray:
        force = np.zeros(3)
        for push in self._pushes:
            if push.start <= self.time < push.start + push.duration:
                force += push.force
        return force


class Odometer:
    """How far a robot has gone, seen along its own heading on the way.

    The body sways and its feet move by turns, so the pelvis is followed, along the frame that moves
    evenly between the feet.
    """

    def __init__(self) -> None:
        self._track: list[tuple[float, FloatArray, float, float]] = []

    def __call__(self, robot: BenchmarkRobot) -> None:
        """Take in the state of a tick."""
        pelvis = robot.state.base.pose
        self._track.append(
            (
                robot.time,
                pelvis.position[:2],
                robot.controller.stance.yaw,
                yaw_of(quat_to_matrix(pelvis.quat_wxyz)),
            )
        )

    def velocity(self, since: float = 0.0) -> FloatArray:
        """Return the mean velocity: ahead, to the left [m/s], turning left [rad/s], shape (3,).

        Args:
            since: what came before is left out [s]; counts from the first tick.
        """
        begin = self._track[0][0] + since
        track = [entry for entry in self._track if entry[0] >= begin]
        moved = np.zeros(3)
        for (_, before, heading, yaw), (_, after, _, next_yaw) in pairwise(track):
            moved[:2] += turned(after - before, -heading)
            moved[2] += wrapped(next_yaw - yaw)
        return moved / max(track[-1][0] - track[0][0], 1e-3) if track else moved


def _simulation(scene: Scene, dynamics: Dynamics, conditions: Conditions) -> Simulation:
    spec = build_world(scene, payload=dynamics.payload)
    for side, mass in conditions.hand_loads.items():
        load = spec.body(f"{side}_wrist_yaw_link").add_body(pos=PINCH_POINTS[side])
        load.explicitinertial = True
        load.mass = mass
        load.ipos[:] = 0.0  # MuJoCo would otherwise take the position once more.
        load.inertia[:] = 0.4 * mass * _HAND_LOAD_RADIUS**2
    motors = ActuatorModel(dynamics.strength, dynamics.friction_scale)
    make = simulation_maker(conditions.engine)
    return make(spec, cameras=(), image_size=0, actuators=motors)


def robot_after_settling(conditions: Conditions) -> BenchmarkRobot:
    """Return a robot that has stood for a moment."""
    robot = BenchmarkRobot(conditions)
    robot.run(SETTLING)
    return robot
