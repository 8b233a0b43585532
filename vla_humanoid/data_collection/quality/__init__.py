"""Judges datasets: whether they are sound, and what is in them."""
