"""Closes the loop: from what a policy answers, and when, to the action of every step."""
