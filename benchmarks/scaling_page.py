"""Writes docs/scaling.md from what has been measured."""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

Log = Mapping[str, Mapping[str, object]]

CORES, EPISODES, RUNS = 1_000, 1_000_000, 100

MARK = "<!-- Below: written by benchmarks/scaling.py; do not edit. -->\n"


def page(before: str, log: Log) -> str:
    """Return the page; what has not been measured yet is left out.

    Args:
        before: the page as it is; what stands above the mark is kept.
        log: what has been measured.
    """
    parts = [before.partition(MARK)[0] + MARK]
    if kills := [name for name in sorted(log) if name.startswith("kills of ")]:
        parts.append(_kills([(name.removeprefix("kills of "), log[name]) for name in kills]))
    if "generation" in log and "merge" in log:
        parts += [_workers(log["generation"]), _projection(log["generation"], log["merge"])]
    return "\n".join(parts)


def _kills(rows: Sequence[tuple[str, Mapping[str, object]]]) -> str:
    lines = [
        "## Random kills",
        "",
        "`kill -9` at random moments, of one worker, of the writer, or of everything "
        "(`benchmarks/kills.py`); each run was then resumed to its end.",
        "",
        "| command | kills | unreadable files | lost finished episodes | same bytes at the end |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, row in rows:
        kills = cast(Mapping[str, int], row["kills"])
        killed = ", ".join(f"{count} {who}" for who, count in sorted(kills.items()))
        same, different = _number(row["same"]), _number(row["different"])
        lines.append(
            f"| {name} | {sum(kills.values())}: {killed} | {row['unreadable']} | {row['lost']} "
            f"| {same:g} of {same + different:g} |"
        )
    measured: dict[str, list[str]] = {}
    for name, row in rows:
        measured.setdefault(f"{row['date']}, {row['load']}", []).append(name)
    told = "; ".join(f"{', '.join(names)}: {when}" for when, names in measured.items())
    stand_in = (
        "The stand-in is that of the tests for the robot. "
        if any(row["stand_in"] for _, row in rows)
        else ""
    )
    return "\n".join(lines) + f"\n\n{stand_in}{told}.\n"


def _workers(generation: Mapping[str, object]) -> str:
    costs = cast(Sequence[Mapping[str, float]], generation["costs"])
    lines = [
        "## Two workers against one",
        "",
        "PickPlace, two cameras of 224 px, everything randomized; runs with one worker and with "
        "two by turns, from the second attempt to the last; mean and standard deviation over runs.",
        "",
        "| workers | runs | attempts | attempts/min on the clock | CPU of an attempt |",
        "| --- | --- | --- | --- | --- |",
    ]
    rates: dict[int, list[float]] = {}
    cpu: dict[int, list[float]] = {}
    for workers in (1, 2):
        own = [cost for cost in costs if cost["workers"] == workers]
        rates[workers] = [60 * cost["attempts"] / cost["seconds"] for cost in own]
        cpu[workers] = [cost["worker_cpu"] / cost["attempts"] for cost in own]
        attempts = sum(int(cost["attempts"]) for cost in own)
        lines.append(
            f"| {workers} | {len(own)} | {attempts} | {_spread(rates[workers])} "
            f"| {_spread(cpu[workers])} s |"
        )
    pairs = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    limit = 2 * float(np.mean(cpu[1]) / np.mean(cpu[2]))
    return "\n".join(lines) + (
        f"\n\nTwo workers made {_spread(pairs)} times the attempts of one on the clock; were each "
        f"given a core, the CPU time of their attempts would allow {limit:.2f} times. Where others "
        "compute on the same machine, the clock says how it is shared. "
        f"{generation['date']}; {generation['load']} at the beginning, {generation['then']} at "
        "the end.\n"
    )


def _projection(generation: Mapping[str, object], merge: Mapping[str, object]) -> str:
    costs = cast(Sequence[Mapping[str, float]], generation["costs"])
    attempt = float(np.mean([cost["worker_cpu"] / cost["attempts"] for cost in costs]))
    start = float(np.mean([cost["start_cpu"] for cost in costs]))
    names = ("bytes", "writer", "store", "copy", "link", "resume")
    size, writer, store, copy, link, resume = (_number(merge[name]) for name in names)
    work = EPISODES * attempt / CORES + start
    rows = [
        ("one run, one machine or shared disk, copied", work, EPISODES * writer, EPISODES * copy),
        ("the same with `--merge links`", work, EPISODES * writer, EPISODES * link),
        ("one run over Ray, `--merge links`", work, EPISODES * (writer + store), EPISODES * link),
        (
            f"{RUNS} runs of {CORES // RUNS} workers, each with a file of its own, copied",
            work,
            EPISODES / RUNS * writer,
            EPISODES / RUNS * copy,
        ),
    ]
    lines = [
        f"## {CORES:,} cores, {EPISODES:,} episodes",
        "",
        "A projection, not a measurement: what an episode costs here, times their number.",
        "",
        "| measured for one episode | |",
        "| --- | --- |",
        f"| an attempt, on one core | {attempt:.2f} s |",
        f"| start of a worker, on one core | {start:.1f} s |",
        f"| bookkeeping of the writer, in a run of {_number(merge['links']):,.0f} "
        f"| {1e3 * writer:.2f} ms |",
        f"| size of its file | {size / 1e6:.1f} MB in {_number(merge['steps']):.0f} steps |",
        f"| storing it, when it comes from a Ray node | {1e3 * store:.1f} ms |",
        f"| copying it into the merged file | {1e3 * copy:.1f} ms ({size / copy / 1e6:.0f} MB/s) |",
        f"| linking to it, among {_number(merge['links']):,.0f} | {1e6 * link:.0f} µs |",
        f"| finding it again for `--resume` | {1e3 * resume:.1f} ms |",
        "",
        "| way | work of the cores | of the writer meanwhile | then the merge | altogether |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {way} | {_hours(cores)} | {_hours(writing)} | {_hours(merging)} "
        f"| {_hours(max(cores, writing) + merging)} |"
        for way, cores, writing, merging in rows
    ]
    rate = CORES / attempt * size / 1e9
    return "\n".join(lines) + (
        f"\n\nThat is {EPISODES * size / 1e12:.1f} TB, made at {rate:.1f} GB/s: what the disk and, "
        "with Ray, the network of the one writer must take. Where they do not, and whenever one "
        "file of that size is unwieldy, start several runs with seeds and outputs of their own. "
        "Failed attempts cost as much as others; the expert's rate of success divides the count. "
        f"Merge measured {merge['date']} with {_number(merge['episodes']):g} episodes, best of "
        f"three; {merge['load']}.\n"
    )


def _number(value: object) -> float:
    return float(cast(float, value))


def _spread(values: Sequence[float]) -> str:
    return f"{np.mean(values):.2f} ± {np.std(values, ddof=1) if len(values) > 1 else 0.0:.2f}"


def _hours(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
