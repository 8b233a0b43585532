from vla_humanoid.control.interventions import Intervention, Interventions


def test_every_intervention_is_counted_and_the_latest_explains_itself() -> None:
    interventions = Interventions()
    interventions.add(Intervention("not_finite", "first"))
    interventions.add(Intervention("not_finite", "second"))
    interventions.add(Intervention("hold", "third"))
    assert interventions.counts == {"not_finite": 2, "hold": 1}
    assert interventions.latest == {"not_finite": "second", "hold": "third"}


def test_what_lasts_is_counted_once_each_time_it_begins() -> None:
    interventions = Interventions()
    for explanation in ("begins", "goes on"):
        interventions.begin(Intervention("arms_slowed", explanation))
    assert interventions.counts == {"arms_slowed": 1}
    assert interventions.latest == {"arms_slowed": "goes on"}
    interventions.end("arms_slowed")
    interventions.begin(Intervention("arms_slowed", "begins again"))
    assert interventions.counts == {"arms_slowed": 2}
    assert interventions.latest == {"arms_slowed": "begins again"}


def test_what_ends_without_having_begun_changes_nothing() -> None:
    interventions = Interventions()
    interventions.end("obstacle_ahead")
    interventions.begin(Intervention("arms_slowed", "this one lasts"))
    interventions.end("obstacle_ahead")
    interventions.begin(Intervention("arms_slowed", "still"))
    assert interventions.counts == {"arms_slowed": 1}


def test_nothing_happened_at_first() -> None:
    interventions = Interventions()
    assert not interventions.counts
    assert not interventions.latest
