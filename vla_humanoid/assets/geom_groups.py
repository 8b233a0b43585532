"""Geom groups: which geoms are drawn and which only collide."""

VISIBLE_GROUP = 2
"""Of geoms that are drawn; those of things collide as well."""
COLLISION_GROUP = 3
"""Of geoms that only collide."""
