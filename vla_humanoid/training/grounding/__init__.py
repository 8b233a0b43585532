"""Training of grounding networks, on scenes in which nothing has been done yet."""
