"""Datasets generated on a real Ray cluster of two nodes are those of one machine, bit for bit."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_environment import make_buggy, make_fake, make_hanging, make_slow, make_without_graphics
from generate_until_killed import CONFIG
from nodes import TwoNodes

from vla_humanoid.data_collection.attempts import PartsFolder
from vla_humanoid.data_collection.dataset_file import open_dataset
from vla_humanoid.data_collection.errors import (
    ConfigurationError,
    GenerationError,
    GenerationInterrupted,
)
from vla_humanoid.data_collection.generation import Progress, generate
from vla_humanoid.data_collection.run_config import GenerationConfig
from vla_humanoid.data_collection.stall import StallLimit


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("local") / "demos.hdf5"
    generate(CONFIG, path, workers=1, make=make_fake)
    return path.read_bytes()


def test_the_bytes_of_one_machine(tmp_path: Path, two_nodes: TwoNodes, local: bytes) -> None:
    output = tmp_path / "demos.hdf5"
    summary = generate(CONFIG, output, workers=2, make=make_fake, ray=two_nodes.address)
    assert summary.progress.replaced == 0
    assert output.read_bytes() == local
    assert not PartsFolder(output).exists()


def test_a_killed_node_loses_only_what_was_in_flight(
    tmp_path: Path, two_nodes: TwoNodes, local: bytes
) -> None:
    output = tmp_path / "demos.hdf5"
    kept: list[int] = []

    def kill(progress: Progress) -> None:
        kept.append(progress.attempts)
        if progress.attempts == 3:
            two_nodes.kill_second()

    summary = generate(
        CONFIG, output, workers=2, make=make_slow, ray=two_nodes.address, on_progress=kill
    )
    assert summary.progress.replaced == 1
    assert kept == sorted(kept)  # What had been finished stays so.
    assert output.read_bytes() == local


def test_a_stalled_worker_is_replaced(tmp_path: Path, two_nodes: TwoNodes, local: bytes) -> None:
    output = tmp_path / "demos.hdf5"
    limit = StallLimit(least=3.0, factor=5.0)
    summary = generate(
        CONFIG, output, workers=2, make=make_hanging, ray=two_nodes.address, limit=limit
    )
    assert summary.progress.replaced >= 2
    assert output.read_bytes() == local


def test_a_killed_writer_is_resumed_on_one_machine_or_many(
    tmp_path: Path, two_nodes: TwoNodes, local: bytes
) -> None:
    output = tmp_path / "demos.hdf5"
    program = Path(__file__).with_name("generate_on_cluster.py")
    process = subprocess.Popen([sys.executable, str(program), str(output), two_nodes.address])
    deadline = time.monotonic() + 120
    while len(PartsFolder(output).results()) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    with open_dataset(output) as dataset:
        before = len(dataset.demo_names())
        assert not dataset.complete
    assert 1 <= before < CONFIG.episodes
    summary = generate(
        CONFIG, output, workers=2, existing="resume", make=make_slow, ray=two_nodes.address
    )
    assert summary.progress.new_successes <= CONFIG.episodes - before
    assert output.read_bytes() == local


def test_an_interrupt_keeps_what_is_finished(
    tmp_path: Path, two_nodes: TwoNodes, local: bytes
) -> None:
    output = tmp_path / "demos.hdf5"

    def interrupt(progress: Progress) -> None:
        if progress.successes == 2:
            raise KeyboardInterrupt

    with pytest.raises(GenerationInterrupted, match=r"2 finished episodes are kept"):
        generate(
            CONFIG, output, workers=2, make=make_slow, ray=two_nodes.address, on_progress=interrupt
        )
    generate(CONFIG, output, workers=2, existing="resume", make=make_fake)
    assert output.read_bytes() == local


def test_what_goes_wrong_on_a_node_is_told(tmp_path: Path, two_nodes: TwoNodes) -> None:
    output = tmp_path / "demos.hdf5"
    with pytest.raises(ConfigurationError, match=r"does not start on .*: libEGL"):
        generate(CONFIG, output, make=make_without_graphics, ray=two_nodes.address)
    assert not list(tmp_path.iterdir())
    with pytest.raises(GenerationError, match=r"failed on .* during attempt .*KeyError.*\.log"):
        generate(CONFIG, output, make=make_buggy, ray=two_nodes.address)
    assert "in act" in (tmp_path / "demos.hdf5.log").read_text()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere"])
def test_no_cluster_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigurationError, match=f"No connection to a Ray cluster at '{address}'"):
        generate(CONFIG, tmp_path / "demos.hdf5", make=make_fake, ray=address)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_real_robot(tmp_path: Path, two_nodes: TwoNodes) -> None:
    config = GenerationConfig("PickPlace", episodes=2, seed=5, image_size=32)
    outputs = [tmp_path / name for name in ("ray.hdf5", "local.hdf5")]
    for output, address in zip(outputs, (two_nodes.address, None), strict=True):
        generate(config, output, workers=2, ray=address)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
