"""What a model sees: parts of cameras' images, at moments."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vla_humanoid.policies.errors import ModelError, require_sizes

Moment: TypeAlias = Literal["now", "told"]


def view_name(camera: str, moment: Moment) -> str:
    """Return the name of what a camera sees at a moment."""
    return camera if moment == "now" else f"{camera}_{moment}"


@dataclass(frozen=True)
class CameraInput:
    """The part of a camera's image that the model sees, of which moment, and at which size.

    Args:
        camera: its name.
        height: of what the model sees [px].
        width: likewise.
        top: edge of the part that is kept, as a fraction of the image from its top.
        bottom: likewise.
        left: likewise, from the left.
        right: likewise.
        moment: "now", or "told" for what the camera saw when the robot was told its sentence: what
            is named is in sight then, and may leave it, or be hidden by a hand, while it is worked
            on.

    Raises:
        ModelError: if nothing is left of the image.
    """

    camera: str
    height: int
    width: int
    top: float = 0.0
    bottom: float = 1.0
    left: float = 0.0
    right: float = 1.0
    moment: Moment = "now"

    @property
    def name(self) -> str:
        """By which the model's inputs are told apart."""
        return view_name(self.camera, self.moment)

    def __post_init__(self) -> None:
        """Check that there is something to see."""
        if not (0.0 <= self.top < self.bottom <= 1.0 and 0.0 <= self.left < self.right <= 1.0):
            raise ModelError(
                f"Of the image of {self.camera} nothing is kept: top {self.top:g}, bottom "
                f"{self.bottom:g}, left {self.left:g}, right {self.right:g} are fractions of it."
            )
        require_sizes(f"view of {self.camera}", {"height": self.height, "width": self.width})
