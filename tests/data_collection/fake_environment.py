"""A tiny environment with the attributes of the real one: a cart pushes a cube to a goal."""

import os
import signal
import time
from dataclasses import dataclass

import numpy as np

from vla_humanoid import schema
from vla_humanoid.assets.scene import Scene
from vla_humanoid.data_collection.attempts import attempt_seed
from vla_humanoid.data_collection.environment import Action, Observation, StepInfo
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.schema import Pose, RigidBodyState, RobotState, Twist, WorldState
from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.task import Instruction

JOINTS = ("slide", "hinge")
UPRIGHT = np.array([1.0, 0.0, 0.0, 0.0])


@dataclass(frozen=True)
class FakeConfig:
    cameras: tuple[str, ...] = ("head",)
    image_size: int = 32
    control_mode: str = "end_effector"


@dataclass(frozen=True)
class FakeEpisode:
    seed: int
    scene: Scene
    goal: str
    instruction: Instruction
    randomization: dict[str, object]


class FakeTask:
    def subgoals(self, goal: object, scene: Scene) -> tuple[str, ...]:
        return ("reach the cube", f"push it to {goal}")


class FakeEnv:
    """Succeeds if the cart is pushed for long enough and the seed is not a hard one."""

    task = FakeTask()
    joint_names = JOINTS
    action_spec = schema.ActionSpec(
        "end_effector",
        (schema.Field("push", "N", -1.0, 1.0), schema.Field("turn", "N m", -1.0, 1.0)),
    )
    state_fields = (
        schema.Field("slide", "m", -np.inf, np.inf),
        schema.Field("hinge", "rad", -4, 4),
    )
    step_limit = 30

    def __init__(self, config: FakeConfig, step_seconds: float = 0.0) -> None:
        self.config = config
        self._step_seconds = step_seconds
        self.episode = FakeEpisode(0, Scene(), "", Instruction("", ()), {})
        self._q = np.zeros(2)
        self._steps = 0

    @property
    def unwrapped(self) -> "FakeEnv":
        return self

    def reset(
        self, *, seed: int, options: dict[str, object] | None = None
    ) -> tuple[Observation, StepInfo]:
        rng = np.random.default_rng(seed)
        side = ("left", "right")[rng.integers(2)]
        if options:
            side = ("left", "right")[int(str(options["goal_index"]))]
        self._q = rng.normal(size=2)
        self._noise = rng.normal(scale=0.01, size=(self.step_limit, 2))
        self._hard = rng.random() < 0.25
        self._needed = int(rng.integers(8, 16))
        self._texture = rng.integers(256, size=3)
        self._steps = 0
        text = f"push the cube to the {side}"
        self.episode = FakeEpisode(
            seed,
            Scene(),
            side,
            Instruction(text, (f"move the cube {side}", f"cube goes {side}")),
            {"cart": {"start": self._q.tolist()}},
        )
        return self._observation(), self._info(success=False)

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, StepInfo]:
        time.sleep(self._step_seconds)
        self._q = self._q + 0.1 * action + self._noise[self._steps]
        self._steps += 1
        success = self._steps == self._needed and not self._hard
        truncated = self._steps == self.step_limit
        info = self._info(success)
        if truncated and not success:
            info["failure"] = "timeout"
        return self._observation(), float(success), success, truncated, info

    def world_state(self) -> WorldState:
        def body(x: float) -> RigidBodyState:
            pose = Pose(np.array([x, 0.0, 1.0]), UPRIGHT)
            return RigidBodyState(pose, Twist(np.array([x, 0.0, 0.0]), np.array([0.0, 0.0, x])))

        wrenches = {side: np.full(6, self._q[0]) for side in schema.SIDES}
        robot = RobotState(body(self._q[0]), self._q.copy(), -self._q, wrenches, {})
        return WorldState(self._steps / 20, robot, {"red_cube": body(self._q[1])})

    def close(self) -> None:
        pass

    def _observation(self) -> Observation:
        size = self.config.image_size
        ramp = np.arange(size)[:, None, None] + np.arange(size)[None, :, None] + self._steps
        images = {
            f"images/{camera}": ((ramp + self._texture + 50 * index) % 256).astype(np.uint8)
            for index, camera in enumerate(self.config.cameras)
        }
        text = self.episode.instruction.text
        return {**images, "state": self._q.astype(np.float32), "instruction": text}

    def _info(self, success: bool) -> StepInfo:
        return {
            "success": success,
            "fallen": False,
            "failure": None,
            "wrong_object": False,
            "balance": {
                "zmp": self._q.copy(),
                "zmp_dynamics": self._q.copy(),
                "com": np.append(self._q, 1.0),
                "dcm": self._q.copy(),
                "support_margin": 0.05,
                "support_polygon": np.zeros((8, 2)),
            },
            "safety": {"interventions": {}},
            "progress": 0.0,
            "subgoal": int(self._steps > 4),
            "instruction": self.episode.instruction.text,
        }


class FakeExpert:
    """Pushes towards the goal; gives up the hardest of the hard episodes."""

    def __init__(self, env: FakeEnv) -> None:
        self._env = env
        self.gave_up: str | None = None

    def reset(self) -> None:
        self.gave_up = None
        self._rng = np.random.default_rng(self._env.episode.seed)
        self._gives_up_at = int(self._rng.integers(16, 50))
        self._step = 0

    def act(self, observation: object = None) -> Action:
        self._step += 1
        if self._step == self._gives_up_at:
            self.gave_up = "cannot reach the cube"
        return self._rng.uniform(-1, 1, size=2).astype(np.float32)


def _make(config: GenerationConfig, step_seconds: float = 0.0) -> tuple[FakeEnv, FakeExpert]:
    env = FakeEnv(FakeConfig(config.cameras, config.image_size, config.control_mode), step_seconds)
    return env, FakeExpert(env)


def make_fake(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    return _make(config)


def make_slow(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    return _make(config, step_seconds=0.01)


def make_without_graphics(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    raise RuntimeError("libEGL.so.1 is missing; install libegl1")


class HopelessExpert(FakeExpert):
    def act(self, observation: object = None) -> Action:
        self.gave_up = "no grasp found"
        return np.zeros(2, np.float32)


def make_hopeless(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    env, _ = _make(config)
    return env, HopelessExpert(env)


class BuggyExpert(FakeExpert):
    """Has a bug that shows in the third episode."""

    episodes = 0

    def act(self, observation: object = None) -> Action:
        if self._step == 0:
            BuggyExpert.episodes += 1
        if BuggyExpert.episodes == 3:
            raise KeyError("left_elbow")
        return super().act(observation)


def make_buggy(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    env, _ = _make(config)
    return env, BuggyExpert(env)


def make_nothing(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    raise ZeroDivisionError("no robot")


def make_exiting(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    os._exit(3)


class CrowdedEnv(FakeEnv):
    """Finds no layout for one seed in three."""

    def reset(
        self, *, seed: int, options: dict[str, object] | None = None
    ) -> tuple[Observation, StepInfo]:
        if seed % 3 == 1:
            raise PlacementError("the table is full")
        return super().reset(seed=seed, options=options)


def make_crowded(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    env = CrowdedEnv(FakeConfig(config.cameras, config.image_size))
    return env, FakeExpert(env)


class DyingExpert(FakeExpert):
    """Kills its process in the third episode, as the kernel does when memory runs out."""

    episodes = 0

    def act(self, observation: object = None) -> Action:
        if self._step == 0:
            DyingExpert.episodes += 1
        if DyingExpert.episodes == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().act(observation)


def make_dying(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    env, _ = _make(config)
    return env, DyingExpert(env)


class DeadlyExpert(FakeExpert):
    """Kills every process that makes attempt 2."""

    def act(self, observation: object = None) -> Action:
        if self._env.episode.seed == self.deadly_seed:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().act(observation)

    deadly_seed = -1


def make_deadly(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    env, _ = _make(config)
    DeadlyExpert.deadly_seed = attempt_seed(config.seed, 2)
    return env, DeadlyExpert(env)


class HangingExpert(FakeExpert):
    """Hangs in the third episode of its process, as a deadlock in a driver does."""

    episodes = 0

    def act(self, observation: object = None) -> Action:
        if self._step == 0:
            HangingExpert.episodes += 1
        if HangingExpert.episodes == 3:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            time.sleep(3600)
        return super().act(observation)


def make_hanging(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    env, _ = _make(config)
    return env, HangingExpert(env)


def make_stuck(config: GenerationConfig) -> tuple[FakeEnv, FakeExpert]:
    time.sleep(3600)
    return _make(config)
