"""All that stands between a policy and the world in one episode of an evaluation."""

from dataclasses import dataclass

from vla_humanoid.data_collection.expert import Expert
from vla_humanoid.data_collection.rollout import Policy
from vla_humanoid.envs.humanoid_env import HumanoidEnv
from vla_humanoid.evaluation.agreement import Shadowing
from vla_humanoid.evaluation.conditions import DISTURBANCES, TEACHER, Condition
from vla_humanoid.evaluation.config import Words
from vla_humanoid.evaluation.late_actions import Late
from vla_humanoid.evaluation.perturbation import latency, views
from vla_humanoid.evaluation.recovery import Disturbed, disturbed
from vla_humanoid.evaluation.telling import spoken
from vla_humanoid.evaluation.viewing import Viewing
from vla_humanoid.policy_runner.runner import PolicyRunner


@dataclass(frozen=True)
class Acting:
    """What acts in an episode.

    Args:
        policy: chooses the actions that are carried out.
        view: what the policy that is evaluated sees and hears.
        disturbance: that befalls it, if one does.
        shadowing: where it only looks on.
    """

    policy: Policy
    view: Viewing
    disturbance: Disturbed | None = None
    shadowing: Shadowing | None = None


def acting(
    policy: Policy, env: HumanoidEnv, task: str, words: Words, condition: Condition
) -> Acting:
    """Return what acts in an episode.

    Args:
        policy: that is evaluated; one that is asked for chunks already is as late as it is to be.
        env: what it acts in.
        task: its name.
        words: what it is told.
        condition: of the episode.

    Raises:
        ConfigurationError: if it cannot be disturbed so.
        ValueError: if the expert does not speak the control mode.
    """
    view = Viewing(policy, env, (*spoken(words, task), *views(condition, env.state_fields)))
    if condition.name == TEACHER:
        shadowing = Shadowing(Expert(env), view)
        return Acting(shadowing, view, shadowing=shadowing)
    if condition.name in DISTURBANCES:
        disturbance = disturbed(condition.name, view, env)
        return Acting(disturbance, view, disturbance=disturbance)
    late = 0 if isinstance(policy, PolicyRunner) else latency(condition)
    return Acting(Late(view, env, late) if late else view, view)
