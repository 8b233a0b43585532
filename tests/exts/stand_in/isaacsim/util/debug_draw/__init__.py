"""Stands in for ``isaacsim.util.debug_draw``."""
