"""What is kept of what was asked for."""

from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.data_collection.reading.recent import Recent


@given(st.lists(st.integers(0, 6)), st.integers(1, 4))
def test_the_latest_are_kept_and_no_more(asked: list[int], most: int) -> None:
    made: list[int] = []

    def make(key: int) -> str:
        made.append(key)
        return str(key)

    recent = Recent(make, most)
    for place, key in enumerate(asked):
        latest = list(dict.fromkeys(reversed(asked[:place])))[:most]
        before = len(made)
        assert recent(key) == str(key)
        assert len(made) == before + (key not in latest)


def test_what_is_cleared_is_made_anew() -> None:
    made: list[int] = []
    recent = Recent(made.append, 4)
    for key in (1, 1, 2):
        recent(key)
    recent.clear()
    recent(1)
    assert made == [1, 2, 1]
