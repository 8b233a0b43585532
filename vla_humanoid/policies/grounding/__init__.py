"""Language grounding: which things a sentence names, and where they are."""
