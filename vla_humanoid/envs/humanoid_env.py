"""The Gymnasium environment: one humanoid, one task, one engine, one loop."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias, cast

import gymnasium
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from vla_humanoid.assets.figures import JOINT_NAMES, JOINT_RANGES
from vla_humanoid.assets.g1_menagerie import menagerie_directory
from vla_humanoid.assets.world import build_world
from vla_humanoid.control.controllers import Controller, make_controller
from vla_humanoid.envs.config import RENDER_MODES, make_config
from vla_humanoid.envs.dynamics import Push
from vla_humanoid.envs.episode import Alteration, Episode, sample_episode
from vla_humanoid.envs.footprints import footprints
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.envs.observation import observation_space, proprioception
from vla_humanoid.envs.report import balance_report, safety_report
from vla_humanoid.envs.told import FreeText, judge_of, retold, subgoals_of, warn_of_free_text
from vla_humanoid.schema import (
    CONTROL_RATE,
    PHYSICS_RATE,
    POLICY_RATE,
    WorldState,
    action_spec,
    state_fields,
)
from vla_humanoid.sims.engines import simulation_maker
from vla_humanoid.sims.graphics import select_backend
from vla_humanoid.sims.mujoco_simulation import ActuatorModel
from vla_humanoid.sims.simulation import Simulation, SimulationDiverged
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.predicates import is_standing
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.task import Verdict

Observation: TypeAlias = dict[str, NDArray[np.uint8] | NDArray[np.float32] | str]
Info: TypeAlias = dict[str, object]
Action: TypeAlias = NDArray[np.float32]

TIMEOUT, DIVERGED = "timeout", "diverged"
"""Failures that every task shares."""

_PHYSICS_PER_CONTROL = PHYSICS_RATE // CONTROL_RATE
_PHYSICS_PER_POLICY = PHYSICS_RATE // POLICY_RATE


class HumanoidEnv(gymnasium.Env[Observation, Action]):
    """A humanoid that balances on its own feet and is told in words what to do.

    Observations are a dict: ``images/<camera>`` uint8 (H, W, 3), ``state`` float32 (proprioception
    only) and ``instruction``. Actions lie in [-1, 1]; `action_spec` says what each entry means.
    An episode ends by success, by a failure that cannot be undone, or by the task's time limit.

    Args:
        task: name of the task, such as "PickPlace".
        control_mode: "end_effector", "arm_joints", "right_arm" or "joints".
        cameras: images to observe, out of "head", "left_wrist", "right_wrist" and "external"; none
            needs no graphics library.
        image_size: height and width of images [px].
        randomization: "default", "none", or names of axes.
        render_mode: "rgb_array" for `render`, or None.
        robot: "primitives" draws the robot with our own low-polygon shells, "menagerie" with MuJoCo
            Menagerie's meshes, which must be on disk. Physics is the same.
        engine: "mujoco" or "physx", NVIDIA's engine, which is an extra. Images are MuJoCo's.
        device: what it computes on, "cpu" or, of engine "physx" alone, "cuda:0".
        language: "plain", a form of language that fits the task, several of them, or "all".
        split: "all", "train", or one that shows what is held out of training, "unseen_...".
        instruction: a sentence for every episode. One that the task understands asks for its goal;
            another one is passed on to the policy, and no rule says when it has been carried out.
        reward: "sparse", 1 on success; or "dense", the growth of the progress as well.

    Raises:
        ValueError: if an argument is unknown or out of range; the message lists the valid ones. Or
            if Menagerie's meshes are asked for and not on disk; the message says how to get them.
        GraphicsUnavailable: if images are asked for and cannot be rendered.
        PhysxUnavailable: if PhysX is asked for and not installed, or no GPU is there that is asked
            for; the message says what to do.
    """

    def __init__(
        self,
        task: str,
        *,
        control_mode: str = "end_effector",
        cameras: Iterable[str] = ("head", "right_wrist"),
        image_size: int = 224,
        randomization: str | Iterable[str] = "default",
        render_mode: str | None = None,
        robot: str = "primitives",
        engine: str = "mujoco",
        device: str = "cpu",
        language: str | Iterable[str] = "plain",
        split: str = "all",
        instruction: str | None = None,
        reward: str = "sparse",
    ) -> None:
        self.config = make_config(
            task,
            control_mode=control_mode,
            cameras=cameras,
            image_size=image_size,
            randomization=randomization,
            render_mode=render_mode,
            robot=robot,
            engine=engine,
            device=device,
            language=language,
            split=split,
            instruction=instruction,
            reward=reward,
        )
        self._make_simulation = simulation_maker(self.config.engine, self.config.device)
        if self.config.robot == "menagerie":
            menagerie_directory()  # Fail here rather than at the first reset.
        self.metadata = {"render_modes": list(RENDER_MODES), "render_fps": POLICY_RATE}
        self.render_mode = render_mode
        if self._rendered_cameras:
            select_backend()
        self.task = load_task(task, self.config.language, self.config.split)
        self.action_spec = action_spec(control_mode, JOINT_RANGES)
        self.state_fields = state_fields(JOINT_NAMES)
        self.joint_names = JOINT_NAMES
        self.action_space = spaces.Box(-1.0, 1.0, (self.action_spec.dim,), np.float32)
        self.observation_space = cast("spaces.Space[Observation]", observation_space(self.config))
        self._controller = make_controller(self.action_spec)
        self._simulation: Simulation | None = None
        self._episode: Episode | None = None
        self._has_warned = False
        self.alteration: Alteration | None = None
        """Alters every episode from the next `reset` on; None leaves them as their seeds say."""

    @property
    def episode(self) -> Episode:
        """What was sampled for the current episode.

        Raises:
            RuntimeError: before the first `reset`.
        """
        if self._episode is None:
            raise RuntimeError("Call reset() first: there is no episode yet.")
        return self._episode

    @property
    def instruction(self) -> str:
        """All that the robot has been told; empty before the first `reset`."""
        if self._episode is None:
            return ""
        told = self._episode.instruction
        return told.text if self._verdict.corrected else told.opening or told.text

    @property
    def simulation(self) -> Simulation:
        """The engine of the current episode.

        Raises:
            RuntimeError: before the first `reset` and after `close`.
        """
        if self._simulation is None:
            raise RuntimeError("Call reset() first: there is no simulation.")
        return self._simulation

    @property
    def controller(self) -> Controller:
        """What drives the robot; to be looked at, not to be commanded past `step`."""
        return self._controller

    def reset(
        self, *, seed: int | None = None, options: dict[str, object] | None = None
    ) -> tuple[Observation, Info]:
        """Begin an episode.

        Args:
            seed: of the episode; it determines everything. Without one, the next in line is taken.
            options: ``{"goal_index": k}`` asks for the k-th of the scene's goals, so that the same
                scene is used with another sentence.

        Raises:
            ValueError: if an option is unknown or there is no such goal.
        """
        super().reset(seed=seed)
        goal_index = _goal_index(options or {})
        if seed is None:
            seed = int(self.np_random.integers(2**31))
        self._episode = sample_episode(self.task, seed, self.config.randomization, goal_index)
        if self.config.instruction is not None:
            self._episode = retold(self._episode, self.task, self.config.instruction)
            if isinstance(self._episode.goal, FreeText) and not self._has_warned:
                self._has_warned = True
                warn_of_free_text(self.config.instruction, self.task)
        if self.alteration is not None:
            self._episode = self.alteration(self._episode, self.task)
        self._build_simulation(self._episode)
        self._controller.set_footprints(footprints(self._episode.scene))
        self._noise = EpisodeRandom(seed, frozenset()).stream("noise")
        start = self._episode.start
        self.restore(initial_state(self._episode.scene, self._episode.dynamics, start))
        return self._observation, self._info()

    def restore(self, state: WorldState) -> None:
        """Put the world of the current episode into a state, at which judging starts anew."""
        robot = self.simulation.reset(state).robot
        self._controller.reset(robot)
        # The feet bear the robot's weight only once its motors hold it: let them, before any look.
        self._state = self.simulation.apply(self._controller.command(robot))
        self._controller.reset(self._state.robot)
        self._judge = judge_of(self.task, self.episode)
        self._subgoals = subgoals_of(self.task, self.episode)
        self._verdict = self._judge.update(self._state)
        self._tick = 0
        self._motor_work = 0.0
        self._active_pushes: list[Push] | None = None
        self._observation = self._observe()

    def step(self, action: Action) -> tuple[Observation, float, bool, bool, Info]:
        """Act for one policy period.

        Args:
            action: shape (dim,). Entries beyond [-1, 1] are clipped, entries that are not finite
                keep their previous value; ``info["safety"]`` counts both.

        Raises:
            ValueError: if the action has the wrong shape.
        """
        simulation = self.simulation
        self._controller.set_action(self._checked(action))
        try:
            self._advance(simulation)
        except SimulationDiverged:
            self._verdict = replace(self._verdict, success=False, failure=DIVERGED, reward=0.0)
            return self._observation, 0.0, True, False, self._info()
        self._state = simulation.state()
        self._controller.observe(self._state.robot)
        before, self._verdict = self._verdict, self._judge.update(self._state)
        self._observation = self._observe()
        terminated = self._verdict.success or self._verdict.failure is not None
        truncated = not terminated and self._state.time >= self.task.time_limit - 1e-9
        info = self._info()
        if truncated:
            info["failure"] = TIMEOUT
        return self._observation, self._reward(before), terminated, truncated, info

    def render(self) -> NDArray[np.uint8] | None:
        """Return a picture from the external camera, shape (image_size, image_size, 3)."""
        return self.simulation.render("external") if self.render_mode == "rgb_array" else None

    def close(self) -> None:
        """Release the engine and its graphics context."""
        if self._simulation is not None:
            self._simulation.close()
            self._simulation = None

    def world_state(self) -> WorldState:
        """Return the current state of the world: privileged, never part of an observation."""
        return self._state

    @property
    def motor_work(self) -> float:
        """Energy that the motors have turned over since `reset`, braking as well [J].

        The integral of |torque x speed| at the control rate, summed over all joints.
        """
        return self._motor_work

    def push(self, force: tuple[float, float, float], duration: float) -> None:
        """Push the torso from the next step on, beside the pushes of the episode.

        Args:
            force: [N], world frame.
            duration: [s].
        """
        dynamics = self.episode.dynamics
        push = Push(self._tick / PHYSICS_RATE, duration, force)
        dynamics = replace(dynamics, pushes=(*dynamics.pushes, push))
        self._episode = replace(self.episode, dynamics=dynamics)

    @property
    def _rendered_cameras(self) -> tuple[str, ...]:
        return (*self.config.cameras, *(("external",) if self.render_mode else ()))

    def _build_simulation(self, episode: Episode) -> None:
        self.close()
        self._simulation = self._make_simulation(
            build_world(episode.scene, self.config.robot, episode.dynamics.payload),
            cameras=self._rendered_cameras,
            image_size=self.config.image_size,
            actuators=ActuatorModel(episode.dynamics.strength, episode.dynamics.friction_scale),
        )

    def _checked(self, action: Action) -> NDArray[np.float64]:
        values = np.asarray(action, dtype=np.float64)
        if values.shape != (self.action_spec.dim,):
            raise ValueError(
                f"An action of mode {self.config.control_mode!r} has shape "
                f"({self.action_spec.dim},), not {values.shape}."
            )
        return values

    def _advance(self, simulation: Simulation) -> None:
        """Run physics for one policy period, the controller at its own rate."""
        end = self._tick + _PHYSICS_PER_POLICY
        while self._tick < end:
            since_command = self._tick % _PHYSICS_PER_CONTROL
            if since_command == 0:
                self._push(simulation)
                self._command = self._controller.command(simulation.robot_state())
            steps = min(_PHYSICS_PER_CONTROL - since_command, end - self._tick)
            simulation.step(self._command, steps)
            self._motor_work += simulation.motor_power() * steps / PHYSICS_RATE
            self._tick += steps

    def _push(self, simulation: Simulation) -> None:
        """Let pushes begin and end."""
        time = self._tick / PHYSICS_RATE
        pushes = self.episode.dynamics.pushes
        active = [push for push in pushes if push.start <= time < push.start + push.duration]
        if active != self._active_pushes:
            self._active_pushes = active
            simulation.push(sum((np.array(push.force) for push in active), start=np.zeros(3)))

    def _reward(self, before: Verdict) -> float:
        """Return what a step has earned since the verdict before it."""
        growth = self._verdict.progress - before.progress if self.config.reward == "dense" else 0.0
        return self._verdict.reward + growth

    def _observe(self) -> Observation:
        images: Observation = {
            f"images/{camera}": self.simulation.render(camera) for camera in self.config.cameras
        }
        state = proprioception(
            self._state.robot, self._controller, self.episode.dynamics, self._noise
        )
        return {**images, "state": state, "instruction": self.instruction}

    def _info(self) -> Info:
        balance, verdict = self._controller.balance, self._verdict
        safety = self._controller.safety
        return {
            "success": verdict.success,
            "fallen": not is_standing(self._state.robot),
            "failure": verdict.failure,
            "wrong_object": verdict.wrong_object,
            "balance": balance_report(balance),
            "safety": safety_report(safety),
            "subgoal": verdict.subgoal,
            "subgoals": self._subgoals,
            "progress": verdict.progress,
            "no_success_rule": isinstance(self.episode.goal, FreeText),
            "instruction": self.instruction,
        }


def _goal_index(options: dict[str, object]) -> int | None:
    if unknown := sorted(set(options) - {"goal_index"}):
        raise ValueError(f"Unknown reset option {', '.join(unknown)}; the only one is goal_index.")
    index = options.get("goal_index")
    if index is None:
        return None
    if isinstance(index, bool) or not isinstance(index, int | np.integer):
        raise ValueError(f"goal_index must be an integer, not {index!r}.")
    return int(index)
