"""A batch of humanoids in Isaac Lab, each with its own episode, controller and judge."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from isaaclab.envs import DirectRLEnv
from isaaclab.envs.common import VecEnvObs
from numpy.typing import NDArray

from vla_humanoid.assets.scene import Container, GraspableObject, Landmark
from vla_humanoid.envs.isaaclab.batch_config import BatchConfig
from vla_humanoid.envs.isaaclab.env_cfg import HumanoidBatchCfg
from vla_humanoid.envs.isaaclab.fixture_poses import fixture_states
from vla_humanoid.envs.isaaclab.launching import require_runtime
from vla_humanoid.envs.isaaclab.reset_options import Request, parse_request
from vla_humanoid.envs.isaaclab.seeds import SeedStreams
from vla_humanoid.envs.isaaclab.stock_choice import choose_stock
from vla_humanoid.envs.isaaclab.world_episode import Info, WorldEpisode
from vla_humanoid.envs.isaaclab.worlds import Worlds
from vla_humanoid.schema import WorldState
from vla_humanoid.sims.isaaclab.foot_wrenches import FEET
from vla_humanoid.sims.isaaclab.properties import world_paths
from vla_humanoid.sims.isaaclab.stock import Casting, NotInStock
from vla_humanoid.sims.isaaclab.tensors import indices, tensor
from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.placement import PlacementError

if TYPE_CHECKING:
    from vla_humanoid.sims.isaaclab.friction import SurfaceFriction
    from vla_humanoid.sims.isaaclab.paint import Paint


class HumanoidBatchEnv(DirectRLEnv):
    """Humanoids that balance on their own feet and are told in words what to do, many at once.

    An Isaac Lab environment like its own: batched tensors in and out, and a world whose episode
    ends begins its next within the same step. Observations are ``{"policy": {"state": (N, D),
    "images/<camera>": (N, H, W, 3)}}``; ``extras["instruction"]`` are the sentences, and
    ``extras["steps"]`` is what each world has to report of the step, before any new episode.

    Args:
        cfg: as `make_env_cfg` makes it.
        render_mode: None; cameras are observed instead.
        **registered: what else an id is registered with, for scripts to read.

    Raises:
        RuntimeError: if Kit is needed and does not run; the message says how to start it.
    """

    cfg: HumanoidBatchCfg

    def __init__(
        self, cfg: HumanoidBatchCfg, render_mode: str | None = None, **registered: object
    ) -> None:
        self.config: BatchConfig = cfg.batch()
        """Everything that was chosen."""
        require_runtime(self.config.physics)
        self.task = load_task(self.config.task)
        self.stock = choose_stock(self.task, self.config)
        """The bodies of each world."""
        self.episodes = tuple(
            WorldEpisode(self.config, self.task) for _ in range(self.config.num_envs)
        )
        """What each world is about; experts and recorders take each for an environment."""
        self.seeds = SeedStreams(cfg.seed or 0)
        """Where the seeds of the episodes come from that begin by themselves."""
        self._casting = [Casting({}, {})] * self.config.num_envs
        self._requests: dict[int, Request] = {}
        self._autoreset = True
        super().__init__(cfg, render_mode)
        self.worlds = Worlds(self.scene)
        """The bodies of all worlds."""

    def reset(
        self, seed: int | None = None, options: Mapping[str, object] | None = None
    ) -> tuple[VecEnvObs, dict[str, object]]:
        """Begin an episode in every world.

        Args:
            seed: of world 0's episode; world k gets ``seed + k``, and later episodes follow from
                it as well. Without one, each world takes the next seed of its own stream.
            options: ``{"seeds": [...]}`` gives every world's seed; ``{"goal_index": k}`` asks for
                the k-th of each scene's goals.

        Raises:
            ValueError: if an option is unknown, or a seed's scene needs what no world has.
        """
        requests = parse_request(self.num_envs, seed, options or {})
        if seed is not None:
            self.seeds = SeedStreams(seed)
        self._requests = self._checked(requests)
        self.obs_buf, extras = super().reset(seed=seed)
        return self.obs_buf, extras

    def begin_episode(self, world: int, seed: int, goal_index: int | None = None) -> None:
        """Begin an episode in one world, and leave the others as they are.

        Raises:
            PlacementError: if the seed finds no layout.
            ValueError: if its scene needs what no world has, or there is no goal of that index.
        """
        self._requests = self._checked({world: Request(seed, goal_index)})
        self._reset_idx([world])
        if self.cfg.num_rerenders_on_reset:
            self.sim.render()  # Else Kit's images would still be of what was before.
        self.obs_buf = self._get_observations()

    def advance(self, actions: NDArray[np.float32]) -> None:
        """Take a step as `step` does, but let worlds whose episodes end wait for `begin_episode`.

        Args:
            actions: shape (worlds, dim).
        """
        self._autoreset = False
        try:
            self.step(tensor(actions, str(self.device)))
        finally:
            self._autoreset = True

    def observation(self, world: int) -> dict[str, NDArray[np.generic] | str]:
        """Return what the policy of a world sees now, as `HumanoidEnv` does."""
        seen = self.obs_buf["policy"]
        parts = seen if isinstance(seen, dict) else {"state": seen}
        numbers = {key: values[world].cpu().numpy() for key, values in parts.items()}
        return {**numbers, "instruction": self.episodes[world].instruction}

    def info(self, world: int) -> Info:
        """Return what a world reports now, as `HumanoidEnv` does."""
        return self.episodes[world].info()

    @cached_property
    def surfaces(self) -> "SurfaceFriction | None":
        """Friction of soles and things, where the engine lets running worlds change it."""
        if self.config.physics != "ovphysx":
            return None
        from vla_humanoid.sims.isaaclab.friction import SurfaceFriction

        worlds = range(self.num_envs)
        soles = world_paths("Robot/{}", worlds, FEET)
        return SurfaceFriction(soles + world_paths("Thing_{}", worlds, self.stock.thing_bodies))

    @cached_property
    def paint(self) -> "Paint | None":
        """Colours of shapes, where there are cameras that Newton renders."""
        if not self.config.cameras or self.config.physics == "physx":
            return None
        from vla_humanoid.sims.isaaclab.paint import Paint

        return Paint(self.sim)

    def landmarks(self, world: int) -> dict[str, Landmark]:
        """Return what the landmarks of a world's scene are, by name of a body."""
        scene, names = self.episodes[world].episode.scene, self._casting[world].landmarks
        return {names[mark.name]: mark for mark in scene.landmarks}

    def things(self, world: int) -> dict[str, GraspableObject | Container]:
        """Return what the objects and containers of a world's scene are, by name of a body."""
        scene, names = self.episodes[world].episode.scene, self._casting[world].things
        return {names[thing.name]: thing for thing in (*scene.objects, *scene.containers)}

    def _checked(self, requests: Mapping[int, Request]) -> dict[int, Request]:
        """Return requests that can be fulfilled, so that none fails halfway."""
        probe = WorldEpisode(self.config, self.task)
        for request in requests.values():
            probe.sample(request.seed, request.goal_index)
            self.stock.cast(probe.episode.scene)
        return dict(requests)

    def _pre_physics_step(self, actions: torch.Tensor) -> None:
        values = actions.cpu().numpy().astype(np.float64)
        for episode, action in zip(self.episodes, values, strict=True):
            episode.act(action)

    def _apply_action(self) -> None:
        """Let the controllers whose turn it is command their robots; once per physics step."""
        due = [k for k, episode in enumerate(self.episodes) if episode.is_due]
        if due:
            states = self.worlds.read_robots()
            self.worlds.robots.push({k: self.episodes[k].push() for k in due})
            self.worlds.command({k: self.episodes[k].command(states[k]) for k in due})
        for episode in self.episodes:
            episode.advance()

    def _get_dones(self) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.worlds.read([casting.things for casting in self._casting])
        for episode, (robot, objects) in zip(self.episodes, states, strict=True):
            episode.finish_step(robot, objects)
        self.extras["steps"] = [episode.info() for episode in self.episodes]
        return (
            self._flags([episode.terminated and self._autoreset for episode in self.episodes]),
            self._flags([episode.truncated and self._autoreset for episode in self.episodes]),
        )

    def _get_rewards(self) -> torch.Tensor:
        rewards = [episode.reward for episode in self.episodes]
        return torch.tensor(rewards, dtype=torch.float32, device=self.device)

    def _get_observations(self) -> VecEnvObs:
        states = np.stack([episode.proprioception for episode in self.episodes])
        self.extras["instruction"] = [episode.instruction for episode in self.episodes]
        seen = {"state": tensor(states, str(self.device))}
        for camera in self.config.cameras:
            seen[f"images/{camera}"] = self.worlds.image(camera)
        return {"policy": seen}

    def _reset_idx(self, env_ids: Sequence[int] | torch.Tensor) -> None:
        ids = env_ids.tolist() if isinstance(env_ids, torch.Tensor) else list(env_ids)
        for k in ids:
            self._sample(k)
        # Isaac Lab resets its buffers, and lets the events of the mode "reset" take place.
        reset = indices(ids, str(self.device))
        super()._reset_idx(cast("Sequence[int]", reset))  # So it is annotated; it takes tensors.
        self.worlds.place(
            {k: self.episodes[k].initial_state() for k in ids},
            {k: self._casting[k].things for k in ids},
            {
                k: fixture_states(self.episodes[k].episode.scene, self._casting[k].landmarks)
                for k in ids
            },
        )
        self.sim.forward()
        states = self.worlds.read([casting.things for casting in self._casting])
        for k in ids:
            robot, objects = states[k]
            self.episodes[k].begin(WorldState(0.0, robot, objects))

    def _sample(self, k: int) -> None:
        """Sample the next episode of a world: the requested one, or the next that can be had."""
        episode, request = self.episodes[k], self._requests.pop(k, None)
        if request is not None:
            episode.sample(request.seed, request.goal_index)
            self._casting[k] = self.stock.cast(episode.episode.scene)
            return
        while True:
            try:
                episode.sample(self.seeds.next(k))
                self._casting[k] = self.stock.cast(episode.episode.scene)
                return
            except (NotInStock, PlacementError):
                continue

    def _flags(self, values: Sequence[bool]) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.bool, device=self.device)
