"""The ways in which one recorded episode can be told."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

from vla_humanoid.data_collection.dataset_file import Demo
from vla_humanoid.data_collection.editing.edited_file import Attribute, Changes
from vla_humanoid.data_collection.editing.outcomes import Fulfilled, fulfilled, other_goals
from vla_humanoid.data_collection.editing.rebuilt_episode import RebuiltEpisode, loaded_task
from vla_humanoid.data_collection.editing.source import RUN_FIELDS, decoded
from vla_humanoid.data_collection.editing.wish import CORRECTION, Wish
from vla_humanoid.data_collection.editing.wordings import wordings
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.schema import WorldState
from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.randomization import EpisodeRandom
from vla_humanoid.tasks.core.task import Task

RELABELLED = "relabelled"
"""Attribute of a demo: JSON of how it is told otherwise than when it was recorded."""
PARAPHRASES = 8
"""Of an episode that is told as another goal, unless another number is asked for."""


@dataclass(frozen=True)
class Retelling:
    """An episode's own words, and others for them.

    Args:
        demo: the episode.
        rebuilt: what it was about.
        wish: how it is to be told.
    """

    demo: Demo
    rebuilt: RebuiltEpisode
    wish: Wish

    @property
    def is_corrected(self) -> bool:
        """Whether the robot is told something else in mid-episode, which ties words to steps."""
        return self.rebuilt.task.form_of(self.rebuilt.episode.goal) == CORRECTION

    def own_words(self) -> Changes:
        """Return what is different where the episode is told the same in other words."""
        wish, demo = self.wish, self.demo
        if self.is_corrected or not (wish.paraphrases or wish.split):
            return Changes()
        text, others = demo.text("instruction"), demo.json_texts("paraphrases")
        goal = self.rebuilt.episode.goal
        count = (wish.paraphrases or len(others)) + 1
        drawn = self._sentences(self._telling(), goal, count, (), crc32(b"reworded"))
        chosen = drawn[0] if wish.split else text
        kept = [sentence for sentence in drawn if sentence != chosen]
        return self._told(
            chosen,
            tuple(kept[: count - 1]) if wish.paraphrases or wish.split else others,
            how="reworded",
            more={"paraphrases": others},
        )

    def copies(self, own: Changes) -> Iterator[Changes]:
        """Yield what is different in further episodes, each told a paraphrase.

        Args:
            own: what `own_words` returned.
        """
        if self.is_corrected:
            return
        text = str(own.attributes.get("instruction", self.demo.text("instruction")))
        told = own.attributes.get("paraphrases")
        others = json.loads(told) if isinstance(told, str) else self.demo.json_texts("paraphrases")
        sentences = [text, *map(str, others)]
        for number, sentence in enumerate(sentences[1 : 1 + self.wish.copies], start=1):
            rest = (*sentences[:number], *sentences[number + 1 :])
            yield self._told(sentence, rest, how="paraphrase")

    def counterfactuals(self, worlds: Sequence[WorldState]) -> Iterator[Changes]:
        """Yield what is different where the episode is told as another goal that it fulfils."""
        task, scene = self.rebuilt.task, self.rebuilt.scene
        indices = other_goals(task, scene, self.rebuilt.episode.goal)
        for found in self._found(task, indices, worlds, crc32(b"counterfactual")):
            yield self._as_goal(self._telling(), found, "counterfactual", {})

    def in_language(self, language: str, worlds: Sequence[WorldState]) -> Iterator[Changes]:
        """Yield what is different where the episode is told in a form as a goal that it fulfils.

        None if the form does not fit the task, or the scene of the seed would be another one in
        that form: a replay would not find it again.
        """
        if language in self.rebuilt.languages:
            return
        rebuilt, name = self.rebuilt, self.demo.text("task")
        episode = rebuilt.episode
        try:
            task = loaded_task(name, (language,), rebuilt.split)
            random = EpisodeRandom(episode.seed, frozenset(episode.axes))
            if task.sample_scene(random) != rebuilt.sampled_scene:
                return
        except (ValueError, PlacementError):
            return
        indices = range(len(task.goals(rebuilt.scene)))
        for found in self._found(task, indices, worlds, crc32(language.encode())):
            yield self._as_goal(
                self._telling((language,)), found, language, self._run_told(language)
            )

    def _found(
        self,
        task: Task[object],
        indices: Sequence[int],
        worlds: Sequence[WorldState],
        purpose: int,
    ) -> list[Fulfilled]:
        """Return so many goals that the states fulfil as are wanted, in the order of a draw."""
        found: list[Fulfilled] = []
        dense = self.rebuilt.kwargs.get("reward") == "dense"
        for place in self.wish.rng(self.demo.seed, purpose).permutation(len(indices)):
            goal = fulfilled(task, self.rebuilt.scene, indices[int(place)], worlds, dense=dense)
            if goal is not None:
                found.append(goal)
            if len(found) == self.wish.at_most:
                break
        return found

    def _as_goal(
        self, task: Task[object], found: Fulfilled, how: str, more: dict[str, Attribute]
    ) -> Changes:
        count = 1 + (self.wish.paraphrases or PARAPHRASES)
        purpose = crc32(how.encode())
        text, *others = self._sentences(task, found.goal, count, (), purpose, found.goal_index)
        told = self._told(text, tuple(others), how=how)
        return Changes({**told.attributes, **found.attributes, **more}, found.arrays)

    def _telling(self, languages: tuple[str, ...] | None = None) -> Task[object]:
        """Return the task whose sentences are wanted.

        Raises:
            ConfigurationError: if the task has no such split.
        """
        split = self.wish.split or self.rebuilt.split
        try:
            return loaded_task(self.demo.text("task"), languages or self.rebuilt.languages, split)
        except ValueError as error:
            raise ConfigurationError(str(error)) from error

    def _sentences(
        self,
        task: Task[object],
        goal: object,
        count: int,
        taken: Sequence[str],
        *purpose: int,
    ) -> tuple[str, ...]:
        rng = self.wish.rng(self.demo.seed, *purpose)
        try:
            found = wordings(task, goal, self.rebuilt.scene, rng, count, taken)
        except ValueError as error:
            raise ConfigurationError(f"{self.demo.name}: {error}") from error
        if not found:
            raise ConfigurationError(f"{self.demo.name}: no sentence was found for its goal.")
        return found

    def _told(
        self,
        text: str,
        others: Sequence[str],
        *,
        how: str,
        more: dict[str, Sequence[str]] | None = None,
    ) -> Changes:
        record = {"how": how, "instruction": self.demo.text("instruction"), **(more or {})}
        return Changes(
            {
                "instruction": text,
                "paraphrases": json.dumps(list(others)),
                "said": json.dumps([[0, text]]),
                RELABELLED: json.dumps({**record, "seed": self.wish.seed}),
            }
        )

    def _run_told(self, language: str) -> dict[str, Attribute]:
        """Return what a demo says about its run, which was told in other words."""
        told: dict[str, Attribute] = {}
        for name in RUN_FIELDS:
            value = decoded(self.rebuilt.run.get(name))
            if not isinstance(value, dict):
                continue
            inner = value.get("env_kwargs")
            place = inner if name == "env_args" and isinstance(inner, dict) else value
            if name in ("env_args", "config", "env_config"):
                place["language"] = [language]
                told[name] = json.dumps(value, sort_keys=name == "env_config")
        return told
