"""Named systems: compositions of a model that are known under a name."""
