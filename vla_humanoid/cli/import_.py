"""``vla-humanoid import``."""

from pathlib import Path

from tyro.conf import Positional

from vla_humanoid.cli.console import new_console


def import_(
    folder: Positional[Path],
    mapping: Path,
    output: Path | None = None,
    overwrite: bool = False,
) -> int:
    """Import demonstrations of a real robot from a LeRobot dataset, v2.1 or v3.0, for co-training.

    Every number is looked at first, and a table says what it has come to; nothing is written where
    the mapping does not fit. docs/import.md describes the mapping.

    Args:
        folder: the LeRobot dataset, with meta/info.json in it.
        mapping: TOML or JSON file that says of each entry of our actions and state where it comes
            from: name or index, unit, relative or absolute, rotation layout, gripper polarity.
        output: HDF5 file to write; without it the table is all.
        overwrite: replace an output that is there.
    """
    from vla_humanoid.data_collection.export.formats import require_pyarrow

    require_pyarrow()
    from vla_humanoid.data_collection.export.progress import report_export
    from vla_humanoid.data_collection.importing.report import describe_survey
    from vla_humanoid.data_collection.importing.run import plan_import

    console = new_console()
    plan = plan_import(folder, mapping)
    console.print(describe_survey(plan.dataset, plan.survey))
    plan.survey.check()
    if output is not None:
        with report_export(console) as on_episode:
            plan.carry_out(output, overwrite=overwrite, on_episode=on_episode)
        console.print(f"{output}: {plan.survey.episodes} episodes", soft_wrap=True)
    return 0
