"""VLA Humanoid: language-annotated humanoid demonstrations, environments and evaluation."""

__version__ = "0.1.0"
