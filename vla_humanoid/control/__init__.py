"""From a wanted motion to joint commands."""
