"""Tests of models need torch and what else the extra [policy] brings; without it they are left out.

One thread: what is computed here is too small for more.
"""

from importlib.util import find_spec

if all(find_spec(package) for package in ("pydantic", "safetensors", "torch")):
    import torch

    torch.set_num_threads(1)
else:
    collect_ignore_glob = ["test_*.py", "grounding/test_*.py"]
