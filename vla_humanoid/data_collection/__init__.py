"""Demonstrations: expert, recorder, datasets."""
