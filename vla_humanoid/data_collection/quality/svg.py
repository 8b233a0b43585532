"""Histograms and heat maps as SVG."""

from collections.abc import Sequence
from html import escape

import numpy as np

from vla_humanoid.data_collection.pages.svg import WIDTH, drawing, number
from vla_humanoid.data_collection.quality.histogram import HeatMap, Histogram

_HEIGHT = 96


def histogram(plot: Histogram, unit: str, width: int = WIDTH) -> str:
    """Return a histogram, with its bounds and the largest count."""
    counts = plot.counts
    top = max(int(counts.max(initial=0)), 1)
    each = width / len(counts)
    lows = np.linspace(plot.low, plot.high, len(counts), endpoint=False).tolist()
    bars = "".join(
        f'<rect x="{index * each:.2f}" y="{_HEIGHT - _HEIGHT * count / top:.2f}" '
        f'width="{each * 0.9:.2f}" height="{_HEIGHT * count / top:.2f}">'
        f"<title>from {number(lows[index])} {escape(unit)}: {count}</title></rect>"
        for index, count in enumerate(counts.tolist())
        if count
    )
    line = f'<path class="axis" d="M0 {_HEIGHT}.5H{width}"/>'
    low = f'<text x="0" y="{_HEIGHT + 14}">{number(plot.low)}</text>'
    middle = f'<text x="{width / 2}" y="{_HEIGHT + 14}" text-anchor="middle">{escape(unit)}</text>'
    high = f'<text x="{width}" y="{_HEIGHT + 14}" text-anchor="end">{number(plot.high)}</text>'
    return drawing(width, _HEIGHT + 20, bars + line + low + middle + high)


def histogram_of(numbers: Sequence[float], unit: str) -> str:
    """Return a histogram of numbers, from the smallest to the largest."""
    values = np.array(numbers)
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    plot = Histogram(low, high, 30)
    plot.add(values)
    return histogram(plot, unit)


def heat_map(plot: HeatMap, x_name: str, y_name: str, pixel: int = 6) -> str:
    """Return a heat map, x to the right and y up; darker or lighter by the root of the count."""
    size = len(plot.counts)
    top = max(int(plot.counts.max(initial=0)), 1)
    cells = "".join(
        f'<rect x="{column * pixel}" y="{(size - 1 - row) * pixel}" width="{pixel}" '
        f'height="{pixel}" fill-opacity="{0.12 + 0.88 * (count / top) ** 0.5:.2f}"/>'
        for column, counts in enumerate(plot.counts.tolist())
        for row, count in enumerate(counts)
        if count
    )
    edge = size * pixel
    frame = f'<rect class="frame" x="0.5" y="0.5" width="{edge - 1}" height="{edge - 1}"/>'
    texts = (
        f'<text x="0" y="{edge + 14}">{escape(x_name)} {number(plot.x[0])}</text>'
        f'<text x="{edge}" y="{edge + 14}" text-anchor="end">{number(plot.x[1])} m</text>'
        f'<text x="{edge + 4}" y="{edge - 2}">{escape(y_name)} {number(plot.y[0])}</text>'
        f'<text x="{edge + 4}" y="10">{number(plot.y[1])} m</text>'
    )
    return drawing(edge + 60, edge + 20, frame + cells + texts)
