"""A tiny environment: two coloured squares, and a hand that goes to the one that it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vla_humanoid import schema
from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.environment import Action, Observation, StepInfo
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.schema import Pose, RigidBodyState, RobotState, Twist, WorldState
from vla_humanoid.tasks.core.task import Instruction

STEPS = 8
COLORS = {"red": (220, 20, 20), "blue": (20, 20, 220)}
_REACH = 0.5
_GRIPS_AT = 5
_FIELDS = tuple(
    entry
    for entry in schema.action_spec("end_effector", {}).fields
    if entry.name.startswith("right_")
)


@dataclass(frozen=True)
class ReachingConfig:
    cameras: tuple[str, ...] = ("head",)
    image_size: int = 24
    control_mode: str = "end_effector"
    hides: bool = False


@dataclass(frozen=True)
class ReachingEpisode:
    seed: int = 0
    scene: Scene = field(default_factory=Scene)
    goal: str = "red"
    instruction: Instruction = field(default_factory=lambda: Instruction("", ()))
    randomization: Mapping[str, object] = field(default_factory=dict)


class ReachingTask:
    def subgoals(self, goal: object, scene: Scene) -> tuple[str, ...]:
        return (f"reach the {goal} square", "grasp")


class ReachingEnv:
    """Red is on the left or on the right; either colour may be asked for.

    If it ``hides`` them, the squares are seen at the first step only.
    """

    task = ReachingTask()
    joint_names = ("wrist",)
    action_spec = schema.ActionSpec("end_effector", _FIELDS)
    state_fields = (
        schema.Field("right_wrist_y", "m", -5.0, 5.0, "stance"),
        schema.Field("wrist_velocity", "rad/s", -100.0, 100.0),
    )
    step_limit = STEPS

    def __init__(self, config: ReachingConfig) -> None:
        self.config = config
        self.episode = ReachingEpisode()
        self._y, self._step = 0.0, 0

    @property
    def unwrapped(self) -> "ReachingEnv":
        return self

    @property
    def target(self) -> float:
        """Where the hand is to go [m]; left is positive."""
        return _REACH if self._on_left == self.episode.goal else -_REACH

    def reset(
        self, *, seed: int, options: dict[str, object] | None = None
    ) -> tuple[Observation, StepInfo]:
        rng = np.random.default_rng(seed)
        self._on_left, goal = (("red", "blue")[rng.integers(2)] for _ in range(2))
        self._noise = rng.integers(0, 20, (self.config.image_size, self.config.image_size, 3))
        said = Instruction(f"reach the {goal} square", (f"go to the {goal} square",))
        self.episode = ReachingEpisode(seed, goal=goal, instruction=said)
        self._y, self._step = 0.0, 0
        return self._observation(), self._info(success=False)

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, StepInfo]:
        self._y += 0.3 * (self.target - self._y)
        self._step += 1
        success = self._step == STEPS
        return self._observation(), float(success), success, success, self._info(success)

    def world_state(self) -> WorldState:
        pose = Pose(np.array([0.0, self._y, 1.0]), np.array([1.0, 0.0, 0.0, 0.0]))
        body = RigidBodyState(pose, Twist(np.zeros(3), np.zeros(3)))
        wrenches = {side: np.zeros(6) for side in schema.SIDES}
        robot = RobotState(body, np.zeros(1), np.zeros(1), wrenches, {})
        return WorldState(self._step / 20, robot, {"square": body})

    def close(self) -> None:
        pass

    def _observation(self) -> Observation:
        image = self._noise.astype(np.uint8)
        half = self.config.image_size // 2
        other = "blue" if self._on_left == "red" else "red"
        image[-half:, 1 : half - 1] += np.array(COLORS[self._on_left], np.uint8)
        image[-half:, half + 1 : -1] += np.array(COLORS[other], np.uint8)
        if self.config.hides and self._step:
            image = self._noise.astype(np.uint8)
        images = {f"images/{camera}": image.copy() for camera in self.config.cameras}
        state = np.array([self._y, 0.0], np.float32)
        return {**images, "state": state, "instruction": self.episode.instruction.text}

    def _info(self, success: bool) -> StepInfo:
        return {
            "success": success,
            "fallen": False,
            "failure": None,
            "wrong_object": False,
            "balance": {
                "zmp": np.zeros(2),
                "zmp_dynamics": np.zeros(2),
                "com": np.zeros(3),
                "dcm": np.zeros(2),
                "support_margin": 0.05,
                "support_polygon": np.zeros((8, 2)),
            },
            "safety": {"interventions": {}},
            "progress": self._step / STEPS,
            "subgoal": int(self._step >= _GRIPS_AT),
            "instruction": self.episode.instruction.text,
        }


class ReachingExpert:
    """Goes there, then closes the hand."""

    gave_up: str | None = None

    def __init__(self, env: ReachingEnv) -> None:
        self._env = env

    def reset(self) -> None:
        self._step = 0

    def act(self, observation: object = None) -> Action:
        self._step += 1
        wanted = {"right_wrist_x": 0.2, "right_wrist_y": self._env.target, "right_wrist_z": 0.9}
        wanted["right_grip"] = float(self._step > _GRIPS_AT)
        physical = np.array([wanted.get(entry.name, 0.0) for entry in _FIELDS])
        return self._env.action_spec.to_normalized(physical).astype(np.float32)


def make_reaching(config: GenerationConfig) -> tuple[ReachingEnv, ReachingExpert]:
    env = ReachingEnv(ReachingConfig(config.cameras, config.image_size, config.control_mode))
    return env, ReachingExpert(env)


def make_hiding(config: GenerationConfig) -> tuple[ReachingEnv, ReachingExpert]:
    """Return one in which the squares are seen at the first step only."""
    env = ReachingEnv(ReachingConfig(config.cameras, config.image_size, hides=True))
    return env, ReachingExpert(env)


def other_color(sentence: str) -> str:
    """Return a sentence that asks for the other square."""
    swap = {"red": "blue", "blue": "red"}
    return " ".join(swap.get(word, word) for word in sentence.split())


SMALL = GenerationConfig("PickPlace", episodes=12, seed=3, cameras=("head",), image_size=24)
FEW = replace(SMALL, episodes=4, seed=5)
MANY = replace(SMALL, episodes=80)
