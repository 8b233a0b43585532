"""The world as USD files, generated from the same `mujoco.MjSpec` that MuJoCo compiles."""
