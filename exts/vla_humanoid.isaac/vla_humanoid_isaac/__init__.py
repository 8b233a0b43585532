"""The panel of vla-humanoid inside Isaac Sim; Kit instantiates the extension class found here."""

from vla_humanoid_isaac.extension import VlaHumanoidExtension

__all__ = ["VlaHumanoidExtension"]
