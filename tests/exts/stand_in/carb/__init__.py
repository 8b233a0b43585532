"""Stands in for ``carb``."""
