"""What a verdict says beside its progress, which is a matter of degree."""

from dataclasses import replace

from vla_humanoid.tasks.core.task import Verdict


def plain(verdict: Verdict) -> Verdict:
    return replace(verdict, progress=0.0)
