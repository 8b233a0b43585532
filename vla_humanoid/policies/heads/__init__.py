"""Action heads: features of each step of a chunk become actions."""
