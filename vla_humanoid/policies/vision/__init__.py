"""Vision encoders: an image becomes tokens."""
