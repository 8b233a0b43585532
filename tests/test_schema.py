import numpy as np
import pytest

from vla_humanoid.assets.figures import JOINT_NAMES
from vla_humanoid.schema import state_fields


@pytest.mark.parametrize(("unit", "bound"), [("m", 5.0), ("rad", 2.0 * np.pi)])
def test_wrists_are_bounded_in_their_own_unit(unit: str, bound: float):
    wrists = [f for f in state_fields(JOINT_NAMES) if "_wrist_" in f.name and f.frame == "stance"]
    fields = [field for field in wrists if field.unit == unit]
    assert len(wrists) == 12
    assert [(field.low, field.high) for field in fields] == [(-bound, bound)] * 6
