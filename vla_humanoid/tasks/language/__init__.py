"""Sentences for goals."""
