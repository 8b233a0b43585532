"""NVIDIA PhysX, the engine of Isaac Sim, through its wheel ``ovphysx``."""
