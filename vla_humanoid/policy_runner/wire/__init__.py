"""Policies on the other side of a socket: a file for each protocol."""
