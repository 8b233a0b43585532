"""Rates with their intervals, as SVG in the colours of the page that they stand on."""

from collections.abc import Sequence
from html import escape

from vla_humanoid.data_collection.pages.svg import drawing
from vla_humanoid.evaluation.rates import Rate

_WIDTH, _HEIGHT = 180, 18
_CURVE_WIDTH, _CURVE_HEIGHT = 244, 130
_LEFT, _BELOW = 36, 22
"""What a curve's axes take of it [px]."""


def rate_bar(rate: Rate, kind: str = "") -> str:
    """Return a dot between 0 and 100 % on the line of its interval.

    Args:
        rate: to be shown.
        kind: "other" for the second colour.
    """
    return _on_track(*rate["wilson95"], rate["success_rate"], kind)


def difference_bar(value: float, low: float, high: float) -> str:
    """Return a dot between -100 and 100 % on the line of its interval; 0 is marked."""
    middle = f'<path class="axis" d="M{_WIDTH / 2:g} 0V{_HEIGHT}"/>'
    return _on_track((low + 1.0) / 2.0, (high + 1.0) / 2.0, (value + 1.0) / 2.0, "", middle)


def _on_track(low: float, high: float, value: float, kind: str, marks: str = "") -> str:
    reach = _WIDTH - 12
    left, right, dot = (6 + reach * part for part in (low, high, value))
    middle = _HEIGHT / 2
    return drawing(
        _WIDTH,
        _HEIGHT,
        f'<rect class="track" x="0" y="{middle - 4}" width="{_WIDTH}" height="8" rx="4"/>{marks}'
        f'<path class="range {kind}" d="M{left:.1f} {middle}H{right:.1f}"/>'
        f'<circle class="dot {kind}" cx="{dot:.1f}" cy="{middle}" r="4.5"/>',
    )


def curve(points: Sequence[tuple[str, Rate]]) -> str:
    """Return success over levels, from 0 to 100 %, in the band of its intervals.

    Args:
        points: what each level is called, and its rate; one at least.
    """
    step = (_CURVE_WIDTH - _LEFT - 16) / max(len(points) - 1, 1)
    xs = [_LEFT + 8 + step * index for index in range(len(points))]
    values = [rate["success_rate"] for _, rate in points]
    lows, highs = zip(*(rate["wilson95"] for _, rate in points), strict=True)
    line, lower, upper = (
        [f"{x:.1f} {_y(part)}" for x, part in zip(xs, parts, strict=True)]
        for parts in (values, lows, highs)
    )
    grid = "".join(
        f'<path class="axis" d="M{_LEFT} {_y(part)}H{_CURVE_WIDTH}"/>'
        f'<text x="{_LEFT - 6}" y="{_y(part)}" dy="4" text-anchor="end">{part:.0%}</text>'
        for part in (0.0, 0.5, 1.0)
    )
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{_y(rate["success_rate"])}" r="3.5">'
        f"<title>{escape(name)}: {written(rate)}</title>"
        f'</circle><text x="{x:.1f}" y="{_CURVE_HEIGHT - 4}" text-anchor="middle">{escape(name)}'
        "</text>"
        for x, (name, rate) in zip(xs, points, strict=True)
    )
    band = f'<path class="band" d="M{"L".join([*upper, *reversed(lower)])}Z"/>'
    content = f'{grid}{band}<path class="curve" d="M{"L".join(line)}"/>{dots}'
    return drawing(_CURVE_WIDTH, _CURVE_HEIGHT, content)


def written(rate: Rate) -> str:
    """Return a rate in words: successes, episodes, and the interval."""
    low, high = rate["wilson95"]
    count = round(rate["success_rate"] * rate["episodes"])
    return f"{count}/{rate['episodes']}, {low:.0%} to {high:.0%}"


def _y(part: float) -> str:
    return f"{6 + (1.0 - part) * (_CURVE_HEIGHT - _BELOW - 12):.1f}"
