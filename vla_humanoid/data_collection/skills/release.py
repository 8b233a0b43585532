"""Let go of something that stands free, without pushing it over."""

from vla_humanoid.data_collection.skills.body import Body, Motion
from vla_humanoid.schema import POLICY_RATE

FREE_GRIP, OPENING_TIME = 0.05, 0.6
"""Grip, and how long it takes to open to it [s], where an object stands free."""
SETTLING_TIME = 0.35
"""How long the fingers take to follow [s]."""


def open_slowly(
    body: Body, side: str, grip: float = FREE_GRIP, seconds: float = OPENING_TIME
) -> Motion:
    """Open a hand to a grip over a time [s]: fingers that let go at once push what they held."""
    before, steps = body.target.grips[side], round(seconds * POLICY_RATE)
    for step in range(1, steps):
        body.set_grip(side, before + (grip - before) * step / steps)
        yield
    body.set_grip(side, grip)
    yield from body.wait(SETTLING_TIME)
