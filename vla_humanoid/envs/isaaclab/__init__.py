"""Batches of environments in Isaac Lab; they need the extra ``isaac`` and Python 3.12."""
