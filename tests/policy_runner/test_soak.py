"""What `benchmarks/soak.py` does to a server for an hour, for some seconds."""

import pytest
from soak import SoakConfig, soak


@pytest.mark.slow
def test_a_server_stands_what_clients_and_its_policy_do() -> None:
    found = soak(SoakConfig(minutes=0.3, hang_every=0.1, kill_every=0.12, rate=20.0, malformed=0.1))
    counts = found.account.counts
    assert found.is_sound, found.lines()
    assert found.kills >= 1
    assert found.restarts >= 1
    assert counts["answered"] > 0
    assert counts["refused"] > 0
    told = ("answered", "late", "superseded", "hanging", "unavailable", "left")
    assert sum(counts[name] for name in told) == counts["good"]
