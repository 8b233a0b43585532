"""VLA Humanoid: language-annotated humanoid demonstrations, environments and evaluation.

Importing the package registers its environments with Gymnasium.
"""

from vla_humanoid.envs.registration import register_environments

__version__ = "0.1.0"

register_environments()
