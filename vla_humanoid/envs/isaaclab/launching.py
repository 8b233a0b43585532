"""What must run before a batch of environments can be made."""

from vla_humanoid.sims.isaaclab.dialect import dialect
from vla_humanoid.sims.isaaclab.engines import Physics
from vla_humanoid.sims.isaaclab.release import usable_release
from vla_humanoid.sims.kit import kit_is_running


def require_runtime(physics: Physics) -> None:
    """Prepare the process for an engine.

    Raises:
        RuntimeError: as `check_kit`.
    """
    check_kit(physics)
    dialect().prepare(physics)


def check_kit(physics: Physics) -> None:
    """Check that Kit runs, or does not; Isaac Lab is not imported for it.

    Raises:
        RuntimeError: if the engine needs Kit and Kit does not run, or the other way round.
    """
    release = usable_release()
    runs_kit = kit_is_running()
    if physics == "physx" and not runs_kit:
        other = " Or choose physics='ovphysx', the same engine without Isaac Sim."
        raise RuntimeError(
            f"physics='physx' runs inside Isaac Sim. Start it first: {release.kit_start}"
            f"{other if 'ovphysx' in release.physics else ''}"
        )
    if physics == "ovphysx" and runs_kit:
        raise RuntimeError(
            "physics='ovphysx' cannot share a process with Isaac Sim, which runs here. "
            "Choose physics='physx', or start a process without Isaac Sim."
        )
