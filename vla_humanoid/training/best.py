"""Which model of a run is the best so far."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Best:
    """The best model so far; one that succeeds more often is better than any lower loss.

    Args:
        step: updates of its weights; 0 while there is none.
        success: its rate in closed loop; -1 while there was no evaluation.
        loss: of its validation.
    """

    step: int = 0
    success: float = -1.0
    loss: float = float("inf")

    def better(self, step: int, success: float | None, loss: float) -> "Best | None":
        """Return what the best becomes with another model; None if it stays.

        Args:
            step: of the other one.
            success: its rate; None if it was not evaluated.
            loss: of its validation.
        """
        if success is None:
            wins = self.success < 0 and loss < self.loss
        else:
            wins = (success, -loss) > (self.success, -self.loss)
        return Best(step, -1.0 if success is None else success, loss) if wins else None

    def notes(self) -> dict[str, str]:
        """Return it as texts, to be read by `from_notes`."""
        return {
            "best_step": str(self.step),
            "best_success": repr(self.success),
            "best_loss": repr(self.loss),
        }

    @classmethod
    def from_notes(cls, notes: Mapping[str, str]) -> "Best":
        """Read what `notes` has written."""
        return cls(int(notes["best_step"]), float(notes["best_success"]), float(notes["best_loss"]))
