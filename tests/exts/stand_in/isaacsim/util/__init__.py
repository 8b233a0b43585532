"""Stands in for ``isaacsim.util``."""
