"""Stands in for ``isaacsim``."""
