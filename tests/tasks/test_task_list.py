import subprocess
import sys

import pytest

from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.task import Task


def test_tasks_are_the_files_of_the_folder():
    assert "PickPlace" in task_names()
    assert not {"Core", "Language"} & set(task_names())


@pytest.mark.parametrize("name", task_names())
def test_every_file_defines_its_task(name: str):
    task = load_task(name)
    assert isinstance(task, Task)
    assert task.name == name
    assert task.time_limit > 0.0


def test_unknown_task_is_refused_with_the_valid_names():
    with pytest.raises(ValueError, match=r"Unknown task 'PikPlace'.*PickPlace.*mean 'PickPlace'"):
        load_task("PikPlace")


def run_python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_listing_tasks_imports_none():
    code = (
        "import sys, vla_humanoid.tasks as tasks; tasks.task_names(); "
        "print('vla_humanoid.tasks.pick_place' in sys.modules)"
    )
    assert run_python(code) == "False"


def test_tasks_import_no_engine():
    code = (
        "import sys, vla_humanoid.tasks as tasks; "
        "[tasks.load_task(name) for name in tasks.task_names()]; "
        "print({'mujoco', 'h5py', 'av'} & set(sys.modules))"
    )
    assert run_python(code) == "set()"
