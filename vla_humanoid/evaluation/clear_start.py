"""Whether the robot of an episode begins without being inside anything."""

from collections.abc import Callable

from vla_humanoid.assets.world import build_world
from vla_humanoid.envs.episode import Episode
from vla_humanoid.envs.initial_state import initial_state
from vla_humanoid.schema import SIDES
from vla_humanoid.sims.mujoco_simulation import MujocoSimulation

TRIES = 30
"""Starts that are drawn before one will do that is not clear."""
DEPTH = 0.001
"""How deep two things may be in each other [m]."""


class ClearStart:
    """Looks at starts in one scene, by MuJoCo's collision detection whatever the engine.

    Args:
        episode: has the scene.
    """

    def __init__(self, episode: Episode) -> None:
        self._simulation = MujocoSimulation(build_world(episode.scene))
        model = self._simulation.model
        pelvis = int(model.body("pelvis").id)
        feet = {int(model.body(f"{side}_ankle_roll_link").id) for side in SIDES}
        self._robot = {
            body
            for body in range(int(model.nbody))
            if int(model.body_rootid[body]) == pelvis and body not in feet
        }

    def holds(self, episode: Episode) -> bool:
        """Tell whether nothing is in the robot of an episode of the scene, feet aside."""
        self._simulation.reset(initial_state(episode.scene, episode.dynamics, episode.start))
        model, data = self._simulation.model, self._simulation.data
        deep = data.contact.geom[data.contact.dist < -DEPTH]
        return self._robot.isdisjoint(model.geom_bodyid[deep].ravel().tolist())


def first_clear(episode: Episode, draw: Callable[[], Episode]) -> Episode:
    """Return the first draw in which the robot begins clear of everything, if there is one soon.

    Args:
        episode: has the scene of all draws.
        draw: returns the episode with another start, every time.
    """
    start = ClearStart(episode)
    for _ in range(TRIES - 1):
        drawn = draw()
        if start.holds(drawn):
            return drawn
    return draw()
