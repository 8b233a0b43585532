"""Action heads by name. A new one is a maker in this table."""

from collections.abc import Callable, Mapping

from vla_humanoid.policies.config import ModelConfig
from vla_humanoid.policies.errors import chosen
from vla_humanoid.policies.heads.cvae import CvaeHead
from vla_humanoid.policies.heads.discrete import DiscreteHead
from vla_humanoid.policies.heads.flow import FlowHead
from vla_humanoid.policies.heads.gmm import GaussianMixtureHead
from vla_humanoid.policies.heads.head import ActionHead
from vla_humanoid.policies.heads.regression import RegressionHead


def _flow(config: ModelConfig, action_dim: int) -> ActionHead:
    options = config.head_options
    return FlowHead(config.width, action_dim, options.layers, config.attention_heads, options.steps)


def _gmm(config: ModelConfig, action_dim: int) -> ActionHead:
    return GaussianMixtureHead(config.width, action_dim, config.head_options.modes)


def _discrete(config: ModelConfig, action_dim: int) -> ActionHead:
    options = config.head_options
    return DiscreteHead(config.width, action_dim, options.bins, options.top_k)


def _cvae(config: ModelConfig, action_dim: int) -> ActionHead:
    options = config.head_options
    return CvaeHead(
        config.width,
        action_dim,
        options.layers,
        config.attention_heads,
        options.style_width,
        options.style_weight,
    )


HEADS: Mapping[str, Callable[[ModelConfig, int], ActionHead]] = {
    "regression": lambda config, action_dim: RegressionHead(config.width, action_dim),
    "regression_l2": lambda config, action_dim: RegressionHead(
        config.width, action_dim, squared=True
    ),
    "flow": _flow,
    "gmm": _gmm,
    "discrete": _discrete,
    "cvae": _cvae,
}


def make_head(config: ModelConfig, action_dim: int) -> ActionHead:
    """Return a new action head.

    Raises:
        ModelError: if there is none of this name.
    """
    return chosen("action head", HEADS, config.head)(config, action_dim)
