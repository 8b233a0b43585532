"""NVIDIA PhysX, the engine of Isaac Sim, on a CPU through its wheel ``ovphysx``."""
