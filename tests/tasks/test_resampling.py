import pytest

from vla_humanoid.tasks.core.placement import PlacementError
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.core.resampling import TRIES, sample_until

RANDOM = EpisodeRandom(5, DEFAULT_AXES)


def drawn(random: EpisodeRandom) -> float:
    return float(random.stream("number").random())


def test_the_first_draw_is_the_usual_one() -> None:
    assert sample_until(drawn, RANDOM, lambda number: None) == drawn(RANDOM)


def test_it_draws_until_nobody_objects_and_again_the_same() -> None:
    numbers = [
        sample_until(drawn, RANDOM, lambda number: None if number < 0.01 else "too large")
        for _ in range(2)
    ]
    assert numbers[0] == numbers[1] < 0.01


def test_attempts_within_attempts_are_all_different() -> None:
    numbers = {drawn(RANDOM.attempt(k).attempt(m)) for k in range(5) for m in range(5)}
    assert len(numbers) == 25 - 4  # Attempt 0 is the thing itself, at both levels.


def test_what_never_does_is_told_with_the_constraint_that_failed_most() -> None:
    def objection(number: float) -> str:
        return "it was large" if number > 0.1 else "it was small"

    with pytest.raises(PlacementError, match=f"in {TRIES} tries: [0-9]+ times it was large"):
        sample_until(drawn, RANDOM, objection)
