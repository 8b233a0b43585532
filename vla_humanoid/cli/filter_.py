"""``vla-humanoid filter``."""

from pathlib import Path
from typing import Annotated, Literal

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def filter(
    file: Positional[Path],
    output: Path,
    task: tuple[str, ...] = (),
    success: Literal["any", "yes", "no"] = "any",
    seeds: Annotated[tuple[int, int] | None, arg(metavar="FIRST LAST")] = None,
    steps: Annotated[tuple[int, int] | None, arg(metavar="LEAST MOST")] = None,
    sentence: str | None = None,
    subgoal: str | None = None,
    min_support_margin: float | None = None,
    mask: str | None = None,
    overwrite: bool = False,
) -> int:
    """Keep the episodes of a dataset that meet all that is asked for.

    Args:
        file: HDF5 file.
        output: HDF5 file to write.
        task: names of tasks.
        success: whether the episode succeeded.
        seeds: smallest and largest seed.
        steps: smallest and largest number of steps.
        sentence: regular expression that the instruction contains.
        subgoal: regular expression that the words of a sub-goal that was reached contain.
        min_support_margin: the support margin is never smaller [m].
        mask: name of a mask that the episode is in, such as train.
        overwrite: replace an output that is there.
    """
    from vla_humanoid.data_collection.editing.criteria import Criteria
    from vla_humanoid.data_collection.editing.filtering import filter_dataset, left_out_text

    criteria = Criteria(
        tasks=task,
        success={"any": None, "yes": True, "no": False}[success],
        seeds=seeds,
        steps=steps,
        sentence=sentence,
        subgoal=subgoal,
        min_support_margin=min_support_margin,
        mask=mask,
    )
    kept = filter_dataset(file, output, criteria, overwrite=overwrite)
    left_out = left_out_text(kept.left_out) or "none left out"
    new_console().print(f"{kept.kept} episodes kept, {left_out}: {output}", soft_wrap=True)
    return 0
