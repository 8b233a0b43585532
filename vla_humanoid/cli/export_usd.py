"""``vla-humanoid export-usd``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from vla_humanoid.assets.usd.requirements import UsdExportError, require_usd
from vla_humanoid.assets.usd.target import check_target
from vla_humanoid.cli.console import new_console


def export_usd(
    output: Path,
    task: str | None = None,
    seed: int = 0,
    randomization: Annotated[tuple[str, ...], arg(metavar="default|none|AXIS...")] = ("default",),
    catalogue: bool = False,
    overwrite: bool = False,
) -> int:
    """Write robot, objects and scene as USD files, for Isaac Sim, PhysX and Newton.

    Without a task the robot alone is written, or the whole catalogue. It needs the extra [physx].

    Args:
        output: folder to write to; it must not exist yet.
        task: whose world, such as PickPlace; `vla-humanoid envs` lists them.
        seed: of the episode that the world belongs to.
        randomization: as for `generate`.
        catalogue: the robot and one of everything that a scene may hold, for engine="isaaclab".
        overwrite: replace an earlier export that is there.
    """
    if catalogue and task is not None:
        raise UsdExportError("The catalogue belongs to no task; leave out --task or --catalogue.")
    if task is None and (seed != 0 or randomization != ("default",)):
        raise UsdExportError("--seed and --randomization choose an episode; name its --task, too.")
    require_usd()  # These take no time; what follows loads for seconds.
    check_target(output, overwrite)
    from vla_humanoid.envs import usd_scene
    from vla_humanoid.sims.isaaclab.catalogue import export_catalogue

    if catalogue:
        files = export_catalogue(output, overwrite=overwrite)
    elif task is None:
        files = usd_scene.export_robot(output, overwrite=overwrite)
    else:
        files = usd_scene.export_episode(
            task, seed, output, randomization=randomization, overwrite=overwrite
        )
    console = new_console()
    for file in files.all:
        console.print(str(file), soft_wrap=True)
    return 0
