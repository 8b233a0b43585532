"""Puts an evaluation on a page that needs nothing else: one HTML file, without scripts."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from vla_humanoid.data_collection.pages.document import card, document, figure_row, section, table
from vla_humanoid.data_collection.pages.svg import bars
from vla_humanoid.data_collection.quality.svg import histogram_of
from vla_humanoid.evaluation.config import EvaluationConfig
from vla_humanoid.evaluation.episode_result import EpisodeResult
from vla_humanoid.evaluation.film import Filmed
from vla_humanoid.evaluation.page_conditions import condition_sections
from vla_humanoid.evaluation.page_plots import rate_bar
from vla_humanoid.evaluation.rates import Rate
from vla_humanoid.evaluation.reproduction import command
from vla_humanoid.evaluation.results import Summary, following_text, summarize
from vla_humanoid.evaluation.run import Evaluation

_MOST_BARS = 12
_MILLISECONDS = 1000.0


def page(evaluation: Evaluation, films: Iterable[Filmed], note: str = "") -> str:
    """Return the page.

    Args:
        evaluation: with one episode at least.
        films: of episodes of it.
        note: why there are no films, where some were to be; or empty.
    """
    episodes = evaluation.episodes
    config, found = evaluation.config, summarize(episodes)
    by_task = {task: [one for one in episodes if one.task == task] for task in evaluation.tasks}
    parts = (
        f'<p class="faint">{escape(_described(config))}</p>',
        _figures(found),
        _tasks({task: summarize(own) for task, own in by_task.items()}, found),
        _failures(by_task),
        condition_sections(evaluation),
        _balance(episodes, found),
        _costs(episodes, found),
        _films(config, films, note),
        _episodes(config, episodes),
    )
    return document(f"{config.policy} on {', '.join(evaluation.tasks)}", "".join(parts))


def _described(config: EvaluationConfig) -> str:
    """Say in a line what was evaluated, and how."""
    values: dict[str, object] = {
        key: value
        for key, value in config.to_json().items()
        if key not in {"policy", "protocol"} and value not in ("", (), False)
    }
    told = ", ".join(f"{key} {_written(value)}" for key, value in values.items())
    return f"Protocol {config.protocol}: {told}."


def _written(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _figures(found: Summary) -> str:
    low, high = found["wilson95"]
    whose = "successes" if found["success_rate"] else "all"
    return figure_row(
        (
            (f"{found['success_rate']:.1%}", f"success, {low:.1%} to {high:.1%} (95 %, Wilson)"),
            (str(found["episodes"]), "episodes"),
            (
                following_text(found),
                f"handled only what was named, of {found['following_episodes']} that handled",
            ),
            (str(found["falls"]), "falls"),
            (f"{found['seconds']['median']:.1f} s", f"of simulated time, median of {whose}"),
            (f"{found['energy']['mean']:.0f} J", f"turned over by the motors, mean of {whose}"),
        )
    )


def _tasks(summaries: Mapping[str, Summary], found: Summary) -> str:
    rows = [_task_row(task, one) for task, one in summaries.items()]
    if len(rows) > 1:
        rows.append(_task_row("all", found))
    columns = ("task", "success, 95 % Wilson interval", "", "", "any step", "right object")
    heads = (*columns, "sub-goals", "falls", "time [s]")
    return section(
        "Success by task",
        "At the last step; beside it at any step. Time is of successes, if there are any: median, "
        "and 5th to 95th percentile.",
        [table(heads, rows, numbers=7)],
    )


def _task_row(task: str, found: Summary) -> tuple[str, ...]:
    low, high = found["wilson95"]
    count, seconds = found["episodes"], found["seconds"]
    successes = round(found["success_rate"] * count)
    return (
        escape(task),
        rate_bar(Rate(episodes=count, success_rate=found["success_rate"], wilson95=(low, high))),
        f"{successes}/{count}",
        f"{low:.0%} to {high:.0%}",
        f"{found['success_any_rate']:.0%}",
        following_text(found),
        f"{found['subgoal_rate']:.0%}",
        str(found["falls"]),
        f"{seconds['median']:.1f} ({seconds['p5']:.1f} to {seconds['p95']:.1f})",
    )


def _failures(by_task: Mapping[str, Sequence[EpisodeResult]]) -> str:
    cards: list[str] = []
    for task, episodes in by_task.items():
        reasons = summarize(episodes)["failures"]
        if reasons:
            failed = sum(reasons.values())
            heading = f"{task}: {failed} of {len(episodes)} failed"
            cards.append(card(heading, bars(list(reasons.items())[:_MOST_BARS])))
    return section("Why episodes failed", "", cards)


def _balance(episodes: Sequence[EpisodeResult], found: Summary) -> str:
    margins = [one.least_margin for one in episodes]
    cards = [card("least margin of an episode", histogram_of(margins, "m"))]
    for heading, counts in (
        ("interventions of the safety filter", found["interventions"]),
        ("fallbacks of the runner", found["fallbacks"]),
    ):
        if counts:
            cards.append(card(heading, bars(list(counts.items())[:_MOST_BARS])))
    return section(
        "Balance and safety",
        "Margin: from the DCM to the edge of the support; negative while walking.",
        cards,
    )


def _costs(episodes: Sequence[EpisodeResult], found: Summary) -> str:
    cards = [
        card("CPU time of an episode", histogram_of([one.cpu_seconds for one in episodes], "s"))
    ]
    note = f"At most {found['peak_memory']:.0f} MiB of memory."
    if any(found["latency"]):
        medians = [one.latencies[0] * _MILLISECONDS for one in episodes]
        cards.insert(0, card("median latency of an episode", histogram_of(medians, "ms")))
        median, p95, p99 = (_MILLISECONDS * value for value in found["latency"])
        note = (
            f"Answers took {median:.1f} ms in the median, at worst {p95:.1f} ms at the 95th and "
            f"{p99:.1f} ms at the 99th percentile of an episode; the runner made up "
            f"{found['stale_action_ratio']:.2%} of the actions. {note}"
        )
    if (factor := found["realtime_factor"]) is not None:
        note = (
            f"Against the wall clock: {found['effective_control_hz']:.1f} actions a second were "
            f"the policy's own, and simulated time ran at {factor:.2f} of real time at worst. "
            f"{note}"
        )
    return section("Latency and cost", note, cards)


def _films(config: EvaluationConfig, films: Iterable[Filmed], note: str) -> str:
    cards = [_film(config, one) for one in films]
    if note and not cards:
        return f'<h2>Episodes, filmed</h2><p class="warning">{escape(note)}</p>'
    return section(
        "Episodes, filmed",
        "Run again from their seeds after they had been counted, and looked at from outside.",
        cards,
    )


def _film(config: EvaluationConfig, filmed: Filmed) -> str:
    one = filmed.episode
    told = "" if one.told == one.instruction else f" The policy was told “{one.told}”."
    differs = (
        ""
        if filmed.repeated
        else '<p class="warning">The film shows another course than was counted: '
        f"{escape(_ending(filmed.again))}. The policy does not repeat itself.</p>"
    )
    return (
        f'<figure class="card film"><h3>{escape(_name(one))}: {escape(_ending(one))}</h3>'
        f"<p>“{escape(one.instruction)}”{escape(told)}</p>{differs}"
        f'<img alt="" src="{filmed.strip}"><div class="pictures">'
        f'<video controls muted loop playsinline width="288" src="{filmed.film}"></video>'
        f"<div>{_particulars(one)}</div></div>"
        f"<pre>{escape(command(config, one.task, one.seed, one.job.condition))}</pre></figure>"
    )


def _name(one: EpisodeResult) -> str:
    under = f", {one.condition}" if one.condition else ""
    return f"{one.task}, seed {one.seed}{under}"


def _ending(one: EpisodeResult) -> str:
    return f"{'success' if one.success else one.failure} after {one.seconds:.1f} s"


def _particulars(one: EpisodeResult) -> str:
    facts = [
        f"{one.subgoal} of {one.subgoals} sub-goals were behind it",
        f"least margin {one.least_margin * 100.0:+.1f} cm",
    ]
    if one.success_any and not one.success:
        facts.append("it had succeeded for a while")
    if one.wrong_object:
        facts.append("it handled something that was not named")
    for kind, counts in (("intervention", one.interventions), ("fallback", one.fallbacks)):
        facts += [f"{kind} {reason}: {count}" for reason, count in counts.items()]
    return "".join(f"<p>{escape(fact)}</p>" for fact in facts)


def _episodes(config: EvaluationConfig, episodes: Sequence[EpisodeResult]) -> str:
    rows = [
        (
            escape(one.task),
            str(one.seed),
            escape(one.instruction),
            escape("success" if one.success else one.failure),
            f"{one.seconds:.1f}",
        )
        for one in episodes
    ]
    again = command(config, "TASK", 0).replace("--only-seed 0", "--only-seed SEED")
    again = again.replace("TASK-0", "TASK-SEED")
    listed = table(("task", "seed", "sentence", "end", "time [s]"), rows, numbers=1)
    return (
        f"<h2>All episodes</h2><p>Any of them again, filmed:</p><pre>{escape(again)}</pre>"
        f"<details><summary>{len(rows)} episodes</summary>{listed}</details>"
    )
