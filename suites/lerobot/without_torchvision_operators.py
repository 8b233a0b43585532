"""Lets torchvision be imported beside a torch that its compiled part was not made for.

There is no build of torchvision on PyPI for a CPU's torch 2.13. LeRobot needs its Python alone, but
that wants to attach a shape rule to an operator that only the compiled part declares.
"""

import torch

_NMS = "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_libraries: list[torch.library.Library] = []


def declare() -> None:
    """Declare the operator where nothing else does; call it before torchvision is imported."""
    if not torch.__version__.startswith("2.13") or _libraries:
        return
    library = torch.library.Library("torchvision", "DEF")
    library.define(_NMS)
    _libraries.append(library)  # Gone with it.
