"""What an episode says: its task, its sentences and its sub-goals."""

import json
from dataclasses import asdict, dataclass

from vla_humanoid.data_collection.dataset_file import Demo


@dataclass(frozen=True)
class Words:
    """The texts of an episode.

    Args:
        task: name of the task.
        instruction: all that the robot is told, in the end.
        paraphrases: the same in other words.
        subgoals: the steps towards the goal.
        said: what the robot had been told, one after the other.
        told_at: the step from which on it had been told each.
    """

    task: str
    instruction: str
    paraphrases: tuple[str, ...]
    subgoals: tuple[str, ...]
    said: tuple[str, ...]
    told_at: tuple[int, ...]

    def sentences(self, told: int) -> tuple[str, ...]:
        """Return what may be said at a moment: what the robot was told, then paraphrases of it.

        Paraphrases are of the whole instruction: there are none before a correction.

        Args:
            told: which of ``said`` it had been told.
        """
        sentence = self.said[told]
        return (sentence, *self.paraphrases) if sentence == self.instruction else (sentence,)

    def subgoal(self, index: int) -> str:
        """Return the name of a sub-goal; empty once all are done."""
        return self.subgoals[index] if index < len(self.subgoals) else ""

    def packed(self) -> bytes:
        """Return all texts in one: objects by the million would cost every worker its own copy."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()


def unpacked(texts: bytes) -> Words:
    """Return what `Words.packed` made."""
    found = json.loads(texts)
    lists = {name: tuple(found[name]) for name in ("paraphrases", "subgoals", "said", "told_at")}
    return Words(found["task"], found["instruction"], **lists)


def read_words(demo: Demo) -> Words:
    """Return the texts of an episode.

    Raises:
        DatasetError: if one is missing or something else.
    """
    said = [_said(demo, entry) for entry in demo.json_list("said")]
    return Words(
        task=demo.text("task"),
        instruction=demo.text("instruction"),
        paraphrases=demo.json_texts("paraphrases"),
        subgoals=demo.json_texts("subgoals"),
        said=tuple(sentence for _, sentence in said),
        told_at=tuple(step for step, _ in said),
    )


def _said(demo: Demo, entry: object) -> tuple[int, str]:
    if isinstance(entry, list):
        match entry:
            case [int(step), sentence] if 0 <= step < demo.steps:
                return step, str(sentence)
            case _:
                pass
    raise demo.error("its attribute 'said' is not a list of [step, sentence]")
