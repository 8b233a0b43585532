"""A scene that looks after its loose bodies only when they are asked for."""

from isaaclab.scene import InteractiveScene, InteractiveSceneCfg


class LazyScene(InteractiveScene):
    """An interactive scene whose rigid bodies are brought up to date at the policy's rate.

    Isaac Lab derives the acceleration of every body at every physics step, which nobody here reads;
    with some forty bodies to a world that takes as long as a third of the physics.
    """

    def __init__(self, cfg: InteractiveSceneCfg) -> None:
        super().__init__(cfg)
        self._behind = 0.0

    def update(self, dt: float) -> None:
        """Update robots and sensors."""
        self._behind += dt
        for articulation in self._articulations.values():
            articulation.update(dt)
        for sensor in self._sensors.values():
            sensor.update(dt, force_recompute=not self.cfg.lazy_sensor_update)

    def update_bodies(self) -> None:
        """Update everything else by the time that has passed."""
        for collection in self._rigid_object_collections.values():
            collection.update(self._behind)
        self._behind = 0.0
