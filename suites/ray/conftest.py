"""Clusters of several nodes on this machine."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nodes import TwoNodes
from ray.cluster_utils import Cluster

TESTS = Path(__file__).parents[2] / "tests" / "data_collection"
sys.path.insert(0, str(TESTS))

NODE = {"num_cpus": 1, "object_store_memory": 100_000_000}


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster of one node, on which nobody is connected to a dashboard."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{TESTS}:{os.environ.get('PYTHONPATH', '')}")
        cluster = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        yield cluster
        cluster.shutdown()


@pytest.fixture
def two_nodes(cluster: Cluster) -> Iterator[TwoNodes]:
    second = cluster.add_node(**NODE)
    yield TwoNodes(cluster.address, second.all_processes["raylet"][0].process)
    cluster.remove_node(second)
