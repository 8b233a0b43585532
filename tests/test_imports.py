import subprocess
import sys

HEAVY = ("mujoco", "h5py", "torch", "daqp", "av", "tyro", "rich", "PIL", "OpenGL")


def loaded_by(code: str) -> set[str]:
    """Names of the top-level modules that a fresh interpreter has loaded after some code."""
    report = "; import sys; print(' '.join({name.partition('.')[0] for name in sys.modules}))"
    result = subprocess.run(
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_importing_the_package_loads_nothing_heavier_than_gymnasium() -> None:
    added = loaded_by("import vla_humanoid") - loaded_by("import gymnasium")
    assert added.isdisjoint(HEAVY)
    assert added <= {"vla_humanoid"} | set(sys.stdlib_module_names)


def test_registration_needs_only_the_import() -> None:
    code = (
        "import gymnasium, vla_humanoid; "
        "assert gymnasium.spec('VLAHumanoid-PickPlace-v0').entry_point"
    )
    assert loaded_by(code).isdisjoint(HEAVY)


def test_tasks_can_be_listed_without_an_engine() -> None:
    assert loaded_by("import vla_humanoid.tasks, vla_humanoid.schema").isdisjoint(HEAVY)
