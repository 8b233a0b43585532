"""Imports of real demonstrations from LeRobot datasets, for co-training.

A mapping file says, entry by entry, what a source's numbers are to this robot; all of it is checked
and reported before anything is written.
"""
