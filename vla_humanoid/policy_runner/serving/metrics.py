"""What the server counts, as Prometheus reads it."""

import resource
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from vla_humanoid.policy_runner.serving.packet import Reason

PREFIX = "vla_humanoid_serve"
QUANTILES = (0.5, 0.95, 0.99)
_STATM = Path("/proc/self/statm")


class Metrics:
    """Counts packets, and how long their answers took.

    Args:
        window: how many of the latest answers the quantiles are of.
        rate_window: over how many seconds packets per second are counted.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        window: int = 4096,
        rate_window: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.packets = 0
        self.answers = 0
        self.seconds = 0.0
        self.refusals: Counter[Reason] = Counter()
        self._latencies: deque[float] = deque(maxlen=window)
        self._clock, self._rate_window = clock, rate_window
        self._begin = clock()
        self._ticks: deque[tuple[int, int]] = deque(maxlen=int(rate_window) + 2)

    def arrived(self) -> None:
        """Count a packet."""
        self.packets += 1
        second = int(self._clock())
        count = 0
        if self._ticks and self._ticks[-1][0] == second:
            count = self._ticks.pop()[1]
        self._ticks.append((second, count + 1))

    def answered(self, seconds: float) -> None:
        """Count an answer and how long it took from the packet's arrival [s]."""
        self.answers += 1
        self.seconds += seconds
        self._latencies.append(seconds)

    def refused(self, reason: Reason) -> None:
        """Count a packet that is not answered with actions."""
        self.refusals[reason] += 1

    def packets_per_second(self) -> float:
        """Return how many packets came per second lately."""
        now = self._clock()
        recent = sum(count for second, count in self._ticks if second > now - self._rate_window)
        return recent / min(self._rate_window, max(now - self._begin, 1.0))

    def text(self, gauges: Mapping[str, float]) -> str:
        """Return everything in Prometheus' text format.

        Args:
            gauges: values of the moment, by name without the prefix.
        """
        lines = [
            *_metric("packets_total", "counter", self.packets),
            *_metric("answers_total", "counter", self.answers),
            f"# TYPE {PREFIX}_refusals_total counter",
            *(
                f'{PREFIX}_refusals_total{{reason="{reason}"}} {count}'
                for reason, count in sorted(self.refusals.items())
            ),
            *self._latency_lines(),
            *_metric("packets_per_second", "gauge", self.packets_per_second()),
            *_metric("resident_memory_bytes", "gauge", resident_bytes()),
        ]
        for name, value in gauges.items():
            lines += _metric(name, "gauge", value)
        return "\n".join(lines) + "\n"

    def _latency_lines(self) -> Iterator[str]:
        name = f"{PREFIX}_latency_seconds"
        yield f"# TYPE {name} summary"
        if self._latencies:
            values = np.quantile(np.array(self._latencies), QUANTILES)
            for quantile, value in zip(QUANTILES, values, strict=True):
                yield f'{name}{{quantile="{quantile:g}"}} {float(value):.6g}'
        yield f"{name}_sum {self.seconds:.6g}"
        yield f"{name}_count {self.answers}"


def resident_bytes() -> int:
    """Return how much memory this process holds; where that cannot be read, its most so far."""
    if _STATM.exists():
        return int(_STATM.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # Bytes on macOS.


def _metric(name: str, kind: str, value: float) -> Iterator[str]:
    yield f"# TYPE {PREFIX}_{name} {kind}"
    yield f"{PREFIX}_{name} {value:.12g}"
