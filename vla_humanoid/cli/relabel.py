"""``vla-humanoid relabel``."""

from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from vla_humanoid.cli.console import new_console


def relabel(
    file: Positional[Path],
    output: Path,
    paraphrases: int = 0,
    copies: int = 0,
    counterfactuals: bool = False,
    language: Annotated[tuple[str, ...], arg(metavar="FORM...")] = (),
    split: str | None = None,
    at_most: int = 2,
    seed: int = 0,
    overwrite: bool = False,
) -> int:
    """Tell recorded episodes in other words, or as other goals that they fulfil as well.

    Nothing is rendered or simulated. Another goal is given to an episode only if the judge of that
    goal, shown the recorded states, says success; further episodes share their images with the one
    that they come from.

    Args:
        file: HDF5 file.
        output: HDF5 file to write.
        paraphrases: so many fresh paraphrases for every episode.
        copies: further episodes of each, told one of its paraphrases.
        counterfactuals: further episodes of each, told other goals of the scene that it fulfils.
        language: further episodes of each, told in these forms as goals that it fulfils: relation,
            negation, sequence, hand, counting, condition.
        split: whose templates sentences are made from, such as train or unseen_template; then
            instructions are drawn again as well.
        at_most: further episodes of each for counterfactuals, and for each form of language.
        seed: of all draws.
        overwrite: replace an output that is there.
    """
    from vla_humanoid.data_collection.editing.relabelling import relabel as relabel_file
    from vla_humanoid.data_collection.editing.wish import Wish

    wish = Wish(paraphrases, copies, counterfactuals, language, split, at_most, seed)
    done = relabel_file(file, output, wish, overwrite=overwrite)
    kept = f"; {done.kept} corrected in mid-episode keep their words" if done.kept else ""
    new_console().print(
        f"{done.recorded} episodes, {done.reworded} reworded; added {done.copies} told a "
        f"paraphrase, {done.counterfactuals} counterfactual, {done.languages} in other forms of "
        f"language{kept}: {output}",
        soft_wrap=True,
    )
    return 0
