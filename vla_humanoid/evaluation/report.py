"""Writes ``index.html``, the page of an evaluation."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from vla_humanoid.data_collection.errors import ConfigurationError
from vla_humanoid.evaluation.conditions import TEACHER
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.film import Filmed, films
from vla_humanoid.evaluation.page import page
from vla_humanoid.evaluation.run import Evaluation
from vla_humanoid.policy_runner.policy import PolicyError
from vla_humanoid.sims.graphics import GraphicsUnavailable

PAGE = "index.html"
CLIPS = 6


def write_report(
    evaluation: Evaluation, output: Path, *, clips: int = CLIPS, successes: bool = False
) -> Path:
    """Write the page of an evaluation into a folder, and return its path.

    Where nothing can be filmed, the page says why.

    Args:
        evaluation: what was found.
        output: folder; an earlier page is replaced.
        clips: how many episodes are filmed: the first failures, of every task in turn.
        successes: whether episodes that succeeded are filmed as well.
    """
    chosen = _chosen((*evaluation.episodes, *evaluation.varied), clips, successes)
    shown, note = list[Filmed](), ""
    try:
        for one in films(evaluation.config, chosen) if chosen else ():
            shown.append(one)
    except (ConfigurationError, GraphicsUnavailable, PolicyError) as error:
        note = f"No more films could be made: {error}"
    path = output / PAGE
    draft = path.with_suffix(".new")
    draft.write_text(page(evaluation, shown, note), encoding="utf-8")
    draft.replace(path)
    return path


def _chosen(episodes: Sequence[EpisodeResult], count: int, successes: bool) -> list[EpisodeResult]:
    """Return the first episodes that failed, of every task in turn; as they are rather than not."""
    turns = Counter[str]()
    queue: list[tuple[bool, int, EpisodeResult]] = []
    for one in episodes:
        if (successes or not one.success) and one.condition != TEACHER:
            queue.append((bool(one.condition), turns[one.task], one))
            turns[one.task] += 1
    queue.sort(key=lambda item: item[:2])
    return [one for _, _, one in queue[:count]]
