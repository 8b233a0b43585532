"""Policies of other embodiments: what they see is made of ours, and what they do becomes ours."""
