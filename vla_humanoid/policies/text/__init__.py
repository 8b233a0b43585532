"""Text encoders: a sentence becomes tokens."""
