"""Tells recorded episodes in other words, or as other goals that they fulfil as well.

Images, actions and states stay as they are; an episode that is told in several ways holds them
once. Another goal is given to an episode only if the judge of that goal, shown the recorded states,
says that the last one is its success.
"""

from dataclasses import asdict
from pathlib import Path

from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.editing.edited_file import EditedFile
from vla_humanoid.data_collection.editing.rebuilt_episode import rebuild
from vla_humanoid.data_collection.editing.retelling import Retelling
from vla_humanoid.data_collection.editing.source import Source, open_source
from vla_humanoid.data_collection.editing.splitting import FAILED, TRAIN
from vla_humanoid.data_collection.editing.staging import check_target, staged_dataset
from vla_humanoid.data_collection.editing.wish import Relabelled, Wish
from vla_humanoid.data_collection.recorded_worlds import recorded_worlds


def relabel(path: Path, output: Path, wish: Wish, *, overwrite: bool = False) -> Relabelled:
    """Write a file with the episodes of another one, told as is wished.

    What was told otherwise from what is in the attribute ``relabelled`` of a demo. Further episodes
    are in the masks of the one that they come from; one that failed at its own goal, but fulfils
    another one, is for training.

    Args:
        path: of the file to read.
        output: the file to write.
        wish: how episodes are to be told.
        overwrite: replace a file that is there.

    Raises:
        ConfigurationError: if the request cannot be carried out.
        DatasetError: if the file cannot be read, or was made with another version whose episodes
            cannot be sampled again.
    """
    check_target(output, (path,), overwrite)
    done = Relabelled()
    with open_source(path) as source, staged_dataset(output) as file:
        edited = EditedFile(file, [source.header], {"command": "relabel", **asdict(wish)})
        for demo in source.dataset.demos():
            done += _add(edited, source, demo, wish)
        edited.finish()
    return done


def _add(edited: EditedFile, source: Source, demo: Demo, wish: Wish) -> Relabelled:
    """Add an episode in all the ways in which it is to be told."""
    telling = Retelling(demo, rebuild(source, demo), wish)
    masks = source.header.masks_of(demo.name)
    own = telling.own_words()
    base = edited.add(source, demo.name, masks, own)
    copies = [edited.add_variant(source, demo.name, base, masks, c) for c in telling.copies(own)]
    others = languages = 0
    if wish.counterfactuals or wish.languages:
        worlds = list(recorded_worlds(demo))
        fulfils = tuple(mask for mask in masks if mask != FAILED) or (TRAIN,)
        if wish.counterfactuals:
            for changes in telling.counterfactuals(worlds):
                edited.add_variant(source, demo.name, base, fulfils, changes)
                others += 1
        for language in wish.languages:
            for changes in telling.in_language(language, worlds):
                edited.add_variant(source, demo.name, base, fulfils, changes)
                languages += 1
    return Relabelled(
        recorded=1,
        reworded=int(bool(own.attributes)),
        copies=len(copies),
        counterfactuals=others,
        languages=languages,
        kept=int(telling.is_corrected),
    )
