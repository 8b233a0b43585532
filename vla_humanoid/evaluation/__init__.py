"""Counts what policies achieve, and how surely."""
