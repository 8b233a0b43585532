"""PhysX on a GPU, as far as that shows where there is none."""

import subprocess
import sys

import pytest

from vla_humanoid import cli
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.sims.cuda import NoGpu, first_gpu
from vla_humanoid.sims.physx.library import PhysxUnavailable, load_library
from vla_humanoid.sims.physx.simulation import PhysxSimulation

SCRIPT = """
from ovphysx import PhysX
from vla_humanoid.assets.scene import Scene
from vla_humanoid.assets.world import build_world
from vla_humanoid.sims.cuda import Gpu
from vla_humanoid.sims.physx import library
from vla_humanoid.sims.physx.simulation import PhysxSimulation

library.first_gpu = lambda: Gpu("made up", "13.0")
library.load_driver = lambda: None
simulation = PhysxSimulation(build_world(Scene()), device="cuda:0")
simulation.reset(simulation.state())
assert not PhysX.get_cpu_mode()
simulation.close()
try:
    PhysxSimulation(build_world(Scene()))
except library.PhysxUnavailable as error:
    print(error)
"""


def test_where_the_driver_seems_there_physx_is_asked_for_the_gpu() -> None:
    """Without a GPU PhysX goes on with the CPU: it takes all that it is told."""
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert "computes PhysX on 'cuda:0' already, and cannot on 'cpu' as well" in run.stdout


def test_a_process_that_computes_on_the_cpu_keeps_to_it() -> None:
    load_library()
    with pytest.raises(PhysxUnavailable, match="start another process"):
        PhysxSimulation(build_world(Scene()), device="cuda:0")


def test_the_command_names_the_missing_gpu(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        first_gpu()
    except NoGpu:
        pass
    else:
        pytest.skip("there is a GPU")
    output = tmp_path_factory.mktemp("gpu") / "demos.hdf5"
    line = f"generate StandStill --engine physx --device cuda:0 --episodes 1 --output {output}"
    assert cli.main(line.split()) == 2
    assert "cannot compute on 'cuda:0'" in capsys.readouterr().err
    assert not list(output.parent.iterdir())
