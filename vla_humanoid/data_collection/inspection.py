"""Lists what is inside a dataset file."""

from collections import Counter

from rich.console import Group
from rich.table import Table

from vla_humanoid.data_collection.dataset_file import DatasetFile
from vla_humanoid.data_collection.progress import size_text


def describe_dataset(dataset: DatasetFile) -> Group:
    """Return a table of the demos, and what they add up to.

    Raises:
        DatasetError: if something cannot be read.
    """
    table = Table("demo", "steps", "success", "failure", "instruction", title=str(dataset.path))
    steps, successes, sentences = 0, 0, Counter[str]()
    cameras: set[str] = set()
    for demo in dataset.demos():
        instruction = demo.text("instruction")
        success = "yes" if demo.success else "no"
        table.add_row(demo.name, str(demo.steps), success, demo.text("failure"), instruction)
        steps += demo.steps
        successes += demo.success
        sentences[instruction] += 1
        cameras.update(demo.cameras)
    state = "complete" if dataset.complete else "unfinished: complete it with generate --resume"
    attempts = dataset.integer("attempts")
    return Group(
        table,
        f"{table.row_count} demos ({successes} successful, of {attempts} attempts), {steps} steps, "
        f"{steps / dataset.rate / 60:.1f} min, {len(sentences)} different instructions",
        f"cameras: {', '.join(sorted(cameras)) or 'none'}",
        f"{size_text(dataset.size)}, {state}",
    )
