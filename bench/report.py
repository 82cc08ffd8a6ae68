"""Turns measurements into the Markdown table of docs/performance.md: medians, with the spread beside them."""

import os
import platform
from collections.abc import Callable, Iterable, Sequence
from statistics import median

from bench.cores import pinned
from bench.load import Run
from bench.measure import Measurement
from bench.operations import Findings
from bench.saving import Saved

HEAD = "| operation | requests/s | p50 ms | p99 ms | ceiling, requests/s | of the ceiling | processor ms | errors |"
LINE = "|---|---|---|---|---|---|---|---|"


def table(measurements: Iterable[Measurement]) -> str:
    measured = list(measurements)
    return "\n".join([surroundings(measured), "", HEAD, LINE, *map(row, measured), ""])


def saves(found: Sequence[Saved]) -> str:
    """One client that saves, beside a bare program that keeps the same bytes."""
    lines = [
        f"| {one.name} | {spread(one.ours, '{:.2f}')} | {spread(one.bare, '{:.2f}')} | "
        f"{spread([ours / bare for ours, bare in zip(one.ours, one.bare, strict=True)], '{:.1f}')} |"
        for one in found
    ]
    head = "| save a section, durable, one client | ms | bare durable INSERT, ms | times as long |"
    return "\n".join([head, "|---|---|---|---|", *lines, ""]) if found else ""


def memories(found: Sequence[Findings]) -> str:
    told = "; ".join(f"{one.name}: {one.memory:.0f} MB" for one in found)
    return f"The most memory that the one worker held under load: {told}."


def row(one: Measurement) -> str:
    ratios = [run.per_second / bare.per_second for run, bare in zip(one.runs, one.ceilings, strict=True)]
    cells = [
        one.name,
        spread([run.per_second for run in one.runs], "{:,.0f}"),
        spread([run.p50 for run in one.runs], "{:.2f}"),
        spread([run.p99 for run in one.runs], "{:.2f}"),
        spread([bare.per_second for bare in one.ceilings], "{:,.0f}"),
        spread(ratios, "{:.3f}"),
        spread(one.processor, "{:.2f}") if any(one.processor) else "",
        str(errors(one)),
    ]
    return f"| {' | '.join(cells)} |"


def spread(values: Sequence[float], form: str) -> str:
    """Median (least to most)."""
    say: Callable[[float], str] = form.format
    return f"{say(median(values))} ({say(min(values))} to {say(max(values))})"


def errors(one: Measurement) -> int:
    return sum(run.errors for run in (*one.runs, *one.ceilings))


def surroundings(measured: Sequence[Measurement]) -> str:
    runs = [run for one in measured for run in one.runs]
    where = "server and load on a core each" if pinned() else "server and load **not** on a core each"
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {where}; load by {_tools(runs)}; "
        f"median (least to most) of {min((len(one.runs) for one in measured), default=0)} runs, "
        "taking turns with the ceiling. Only ratios within one run count."
    )


def _tools(runs: Iterable[Run]) -> str:
    return " and ".join(sorted({run.tool for run in runs})) or "nothing"
