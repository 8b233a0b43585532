"""Samples for training from dataset files, in an order that follows from the seed alone."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.data_collection.file_description import FileDescription
from vla_humanoid.data_collection.reading.episode import Episode
from vla_humanoid.data_collection.reading.index import Damaged, index_files
from vla_humanoid.data_collection.reading.indexed_file import IndexedFile
from vla_humanoid.data_collection.reading.mixture import Mixture
from vla_humanoid.data_collection.reading.normalization import Normalization, measure
from vla_humanoid.data_collection.reading.open_files import OpenFiles
from vla_humanoid.data_collection.reading.order import scrambled
from vla_humanoid.data_collection.reading.recent import Recent
from vla_humanoid.data_collection.reading.sample import Sample
from vla_humanoid.data_collection.reading.windows import chunk_rows, history_rows
from vla_humanoid.data_collection.reading.words import Words

_TOGETHER = 32
"""Samples that are read at once when all are gone through."""

_MOST_WORDS = 4096
"""Episodes whose texts are kept as objects, some kilobytes each."""


class Dataset:
    """Windowed samples of the episodes of one or several dataset files.

    ``dataset[i]`` is the i-th sample of the epoch that `set_epoch` chose. It follows from ``seed``,
    the epoch and ``i`` alone, whoever asks for it and in whatever order: with any number of worker
    processes an epoch holds the same samples in the same order.

    Args:
        files: the file, or files, to draw from.
        observation_steps: observations up to and including the step.
        action_steps: actions from the step on.
        cameras: whose images are wanted; None for all that are recorded.
        told: cameras of which it is also wanted what they saw when the robot was told its sentence.
        mask: which episodes: "train", "valid", "failed", or None for all of them.
        seed: of the order and of the choice of sentences, >= 0.
        weights: each file's share of the samples, up to a common factor; None for as many samples
            as it has steps.
        samples: in an epoch; None for as many as there are steps.
        shuffle: False for the steps in the order of the files.
        paraphrase: False for the sentence that the robot was told, True for one drawn from it and
            its paraphrases.
        damaged: "refuse" episodes that cannot be read, or "skip" them.
        episodes: how many of each file's to draw from, the first ones; None for all of them.

    Raises:
        ConfigurationError: if an argument is not valid, or the files do not fit together.
        DatasetError: if something cannot be read; every broken episode is named.
    """

    def __init__(
        self,
        files: Path | str | Sequence[Path | str],
        *,
        observation_steps: int = 1,
        action_steps: int = 16,
        cameras: Sequence[str] | None = None,
        told: Sequence[str] = (),
        mask: str | None = "train",
        seed: int = 0,
        weights: Sequence[float] | None = None,
        samples: int | None = None,
        shuffle: bool = True,
        paraphrase: bool = True,
        damaged: Damaged = "refuse",
        episodes: int | None = None,
    ) -> None:
        _check_positive("observation_steps", observation_steps, 1)
        _check_positive("action_steps", action_steps, 1)
        _check_positive("seed", seed, 0)
        if episodes is not None:
            _check_positive("episodes", episodes, 1)
        paths = [files] if isinstance(files, str | os.PathLike) else files
        self._index, self.damaged = index_files(
            [Path(p) for p in paths], _both(cameras, told), mask, damaged, episodes
        )
        self._cameras = tuple(self.description.images if cameras is None else cameras)
        self._told = tuple(told)
        self.observation_steps = observation_steps
        self.action_steps = action_steps
        self._seed = seed
        self._paraphrase = paraphrase
        sizes = [file.steps for file in self._index]
        self._mixture = Mixture(sizes, weights, samples, seed, shuffle)
        self._open = OpenFiles(self._index)
        self._words = Recent(partial(_unpacked, self._index), _MOST_WORDS)
        self._epoch = 0

    @property
    def description(self) -> FileDescription:
        """What the numbers of a sample mean; the same for all files."""
        return self._index[0].description

    @property
    def files(self) -> tuple[Path, ...]:
        """What is drawn from; `Sample.file` counts them."""
        return tuple(file.path for file in self._index)

    @property
    def ratios(self) -> tuple[float, ...]:
        """The exact share of each file in every epoch."""
        return tuple(quota / len(self) for quota in self._mixture.quotas)

    @cached_property
    def normalization(self) -> Normalization:
        """Exact statistics of the states and actions of all episodes drawn from.

        Every step counts once, whatever the weights; it takes some passes over the files.
        """
        return measure(self._vectors)

    @property
    def epoch(self) -> int:
        """The epoch that samples are of."""
        return self._epoch

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch, >= 0, that samples are of from now on."""
        _check_positive("epoch", epoch, 0)
        self._epoch = epoch

    def __len__(self) -> int:
        """Return the number of samples in an epoch."""
        return len(self._mixture)

    def __getitem__(self, index: int) -> Sample:
        """Return a sample of the epoch.

        Raises:
            IndexError: if there are not so many.
            DatasetError: if it cannot be read.
        """
        return self.__getitems__([index])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[Sample]:
        """Return samples of the epoch; where they are is computed for all of them at once.

        Raises:
            IndexError: if there are not so many.
            DatasetError: if one cannot be read.
        """
        positions = self._positions(indices)
        files, numbers = self._mixture.draw(positions, self._epoch)
        draws = scrambled(positions, self._seed, self._epoch)
        samples: dict[int, Sample] = {}
        for file in np.unique(files).tolist():
            own = np.flatnonzero(files == file)
            found = self._samples(file, numbers[own], draws[own])
            samples.update(zip(own.tolist(), found, strict=True))
        return [samples[place] for place in range(len(positions))]

    def draw(self, indices: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return which steps samples of the epoch are of; none is read.

        Returns:
            The file of each, and the number of its step, counted over all of the file's episodes;
            shape (n,) each.

        Raises:
            IndexError: if there are not so many.
        """
        return self._mixture.draw(self._positions(indices), self._epoch)

    def __iter__(self) -> Iterator[Sample]:
        """Yield the samples of the epoch."""
        for start in range(0, len(self), _TOGETHER):
            yield from self.__getitems__(range(start, min(start + _TOGETHER, len(self))))

    def episodes(self) -> Iterator[Episode]:
        """Yield the whole episodes that are drawn from, in the order of the files.

        Raises:
            DatasetError: if one cannot be read.
        """
        for episodes in self.episodes_by_file():
            yield from episodes

    def episodes_by_file(self) -> Iterator[Iterator[Episode]]:
        """Yield the whole episodes of each of `files`.

        Raises:
            DatasetError: if one cannot be read.
        """
        return map(_episodes, self._index)

    def close(self) -> None:
        """Close the files; a sample opens them again."""
        self._open.close()

    def __enter__(self) -> "Dataset":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _positions(self, indices: Sequence[int]) -> NDArray[np.int64]:
        everything = range(len(self))
        return np.array([everything[index] for index in indices], np.int64)

    def _samples(
        self, file: int, numbers: NDArray[np.int64], draws: NDArray[np.uint64]
    ) -> Iterator[Sample]:
        """Yield samples of a file.

        Args:
            file: it.
            numbers: of their steps, counted over all episodes, shape (n,).
            draws: random numbers that choose their sentences, shape (n,).
        """
        indexed, reader = self._index[file], self._open.reader(file)
        episodes, steps = indexed.locate(numbers)
        seen, seen_pad = history_rows(steps, self.observation_steps)
        chosen, chosen_pad = chunk_rows(steps, self.action_steps, indexed.lengths(episodes))
        for place, episode in enumerate(episodes.tolist()):
            number = numbers[place]
            window = reader.window(episode, seen[place], chosen[place], self._cameras)
            words, presence = self._words((file, episode)), indexed.presence(episode)
            said, subgoal = int(indexed.sentence[number]), int(indexed.subgoal[number])
            yield Sample(
                images=window.images,
                told_images={
                    camera: reader.image(camera, episode, words.told_at[said])
                    for camera in self._told
                },
                state=window.state,
                observation_is_pad=seen_pad[place],
                actions=window.actions,
                action_is_pad=chosen_pad[place],
                action_mask=presence.action,
                state_mask=presence.state,
                sentence=self._sentence(words, said, int(draws[place])),
                subgoal=words.subgoal(subgoal),
                subgoal_index=subgoal,
                progress=float(indexed.progress[number]),
                task=words.task,
                file=file,
                episode=indexed.name(episode),
                step=int(steps[place]),
            )

    def _sentence(self, words: Words, told: int, draw: int) -> str:
        sentences = words.sentences(told)
        return sentences[draw % len(sentences)] if self._paraphrase else sentences[0]

    def _vectors(self) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        return ((episode.state, episode.actions) for episode in self.episodes())


def _both(cameras: Sequence[str] | None, told: Sequence[str]) -> Sequence[str] | None:
    return None if cameras is None else tuple(dict.fromkeys((*cameras, *told)))


def _unpacked(index: Sequence[IndexedFile], place: tuple[int, int]) -> Words:
    """Return the texts of a file's episode."""
    file, episode = place
    return index[file].words(episode)


def _episodes(file: IndexedFile) -> Iterator[Episode]:
    with open_dataset(file.path) as dataset:
        for number in range(len(file.demos)):
            yield Episode(dataset.demo(file.name(number)), tuple(file.description.images))


def _check_positive(name: str, value: int, least: int) -> None:
    if value < least:
        raise ConfigurationError(f"{name} must be at least {least}, not {value}.")
