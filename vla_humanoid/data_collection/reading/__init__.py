"""Samples for training: windows around steps, drawn in a fixed order from any number of files."""
