"""Trains the models of `vla_humanoid.policies` on dataset files."""
