"""Stands in for Omniverse Kit's Python API: see each module for where its signatures come from."""
