"""A scene that looks after its entities only when they are asked for, or told something."""

from isaaclab.scene import InteractiveScene, InteractiveSceneCfg


class LazyScene(InteractiveScene):
    """An interactive scene whose entities are brought up to date when they are about to be read.

    Isaac Lab derives the acceleration of every joint and body at every physics step, and hands
    every command to the engine again. Nobody here reads the former, and engines without Kit keep
    the latter; with some forty bodies to a world it takes as long as a third of the physics.
    """

    def __init__(self, cfg: InteractiveSceneCfg) -> None:
        super().__init__(cfg)
        self._robots_behind = self._bodies_behind = 0.0
        self._commanded = True

    def command(self) -> None:
        """Have commands to the motors handed to the engine before the next physics step."""
        self._commanded = True

    def write_data_to_sim(self) -> None:
        """Hand over what is new, and pushes, which engines forget."""
        for articulation in self._articulations.values():
            if self._commanded or articulation.permanent_wrench_composer.active:
                articulation.write_data_to_sim()
        self._commanded = False

    def update(self, dt: float) -> None:
        """Note that time has passed."""
        self._robots_behind += dt
        self._bodies_behind += dt

    def update_robots(self) -> None:
        """Bring robots and sensors up to date."""
        if not self._robots_behind:
            return
        for articulation in self._articulations.values():
            articulation.update(self._robots_behind)
        for sensor in self._sensors.values():
            sensor.update(self._robots_behind, force_recompute=not self.cfg.lazy_sensor_update)
        self._robots_behind = 0.0

    def update_bodies(self) -> None:
        """Bring everything else up to date."""
        for collection in self._rigid_object_collections.values():
            collection.update(self._bodies_behind)
        self._bodies_behind = 0.0
