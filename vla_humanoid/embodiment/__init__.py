"""Between this robot and another embodiment: units, rotations, frames, and what is which entry."""
