"""Checks that an episode is told in words, and in words for what it is about."""

from collections.abc import Iterator

from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.quality.check import EpisodeCheck, Examined
from vla_humanoid.data_collection.quality.finding import Finding
from vla_humanoid.tasks.core.task import Task


class LanguageCheck(EpisodeCheck):
    """The task's own grammar must understand every sentence, as the goal of the episode."""

    name = "language"

    def examine(self, episode: Examined) -> Iterator[Finding]:
        """Look at an episode."""
        demo = episode.demo
        text, paraphrases = demo.text("instruction"), demo.json_texts("paraphrases")
        if not text.strip():
            yield Finding("it has no instruction")
            return
        yield from _said(demo, text)
        rebuilt = episode.rebuilt
        for sentence in (text, *paraphrases):
            try:
                meant = rebuilt.task.understand(sentence, rebuilt.scene)
            except ValueError as error:
                yield Finding(f"{sentence!r} is not understood: {error}")
                continue
            if _differs(rebuilt.task, meant, episode):
                yield Finding(f"{sentence!r} asks for another goal than the episode's")
        if text in paraphrases:
            yield Finding("its instruction is among its own paraphrases", "warning")


def _differs(task: Task[object], meant: object, episode: Examined) -> bool:
    goal = episode.rebuilt.episode.goal
    return meant != goal and task.differs(meant, goal, episode.rebuilt.scene)


def _said(demo: Demo, text: str) -> Iterator[Finding]:
    """Look at what the policy was told when."""
    steps = [-1]
    sentences: list[str] = []
    for entry in demo.json_list("said"):
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], int)):
            yield Finding("said is not a list of [step, sentence]")
            return
        steps.append(entry[0])
        sentences.append(str(entry[1]))
    if steps[1:2] != [0] or steps != sorted(set(steps)):
        yield Finding("said does not begin at step 0, or its steps do not grow")
    elif sentences[-1] != text and len(sentences) > 1:
        yield Finding(f"the last that was said is {sentences[-1]!r}, not the instruction {text!r}")
