"""Fusion: tokens of images, words and the robot's state become one set of tokens."""
