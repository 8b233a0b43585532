"""Stands in for ``omni.kit``."""
