"""What a model was made with besides data: the source's revision, and the grammar of sentences."""

import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from vla_humanoid.assets.colors import COLORS
from vla_humanoid.tasks import load_task, task_names
from vla_humanoid.tasks.core.spoken_task import SpokenTask
from vla_humanoid.tasks.language.words import CONTAINER_NOUNS, OBJECT_NOUNS

_ROOT = Path(__file__).parents[2]


def revision() -> str:
    """Return the revision of the source, as git describes it; empty where it is no checkout."""
    if not (_ROOT / ".git").exists():
        return ""
    command = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):  # No git here, or not its owner's checkout.
        return ""


def grammar(tasks: Sequence[str]) -> str:
    """Return a digest of what may be said in some tasks: their templates, nouns and colours.

    Args:
        tasks: names; of those that are not ours, nothing is known.
    """
    known = [load_task(task) for task in sorted(tasks) if task in task_names()]
    templates = [list(task.sentences.templates) for task in known if isinstance(task, SpokenTask)]
    nouns = {
        str(shape): names for shape, names in (*OBJECT_NOUNS.items(), *CONTAINER_NOUNS.items())
    }
    words = json.dumps([templates, list(COLORS), nouns], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:12]
