"""A run that trains a grounding network: steps, and what is done in between."""

from collections.abc import Callable

import torch
from rich.console import Console

from vla_humanoid.data_collection.errors import ConfigurationError, GenerationInterrupted
from vla_humanoid.policies.grounding.checkpoint import save_grounder
from vla_humanoid.policies.grounding.grounder import Grounder
from vla_humanoid.training.allocator import keep_freed_memory
from vla_humanoid.training.distributed import Share, any_process, process_group, wait_for_all
from vla_humanoid.training.grounding.batches import Questions
from vla_humanoid.training.grounding.making import MENTIONS, VIEW, make_grounder
from vla_humanoid.training.grounding.request import GroundingRequest
from vla_humanoid.training.grounding.scenes import Scenes, opened
from vla_humanoid.training.grounding.trainer import GroundingStep, GroundingTrainer
from vla_humanoid.training.grounding.validation import validate
from vla_humanoid.training.metrics import Metrics
from vla_humanoid.training.run_folder import RunFolder
from vla_humanoid.training.signals import noticed_interrupts
from vla_humanoid.training.state_file import read_state, write_state

LOG_EVERY = 10
"""Steps from one line of figures to the next."""
SAY_EVERY = 50
"""Steps from one line on the console to the next."""


def carry_out(request: GroundingRequest, console: Console) -> None:
    """Train as asked, alone or as one of the processes that torchrun has started.

    Raises:
        ConfigurationError: if the request cannot be carried out.
        DatasetError: if a file cannot be read.
        GenerationError: if the run ended early; the message says how to go on.
    """
    keep_freed_memory()
    if request.threads:
        torch.set_num_threads(request.threads)
    record = request.record()
    training = request.training
    with (
        process_group() as share,
        noticed_interrupts() as stop,
        opened(request.files, VIEW, MENTIONS, training.held_back) as scenes,
    ):
        if training.pictures % share.processes:
            raise ConfigurationError(
                f"{training.pictures} pictures cannot be shared evenly by {share.processes} "
                "processes."
            )
        # First, so that what does not fit leaves no folder.
        model = make_grounder(scenes, training.seed, hears=not training.blind_to_words)
        if share.first:
            RunFolder(request.output).begin(record, request.resume)
        wait_for_all()
        GroundingRun(model, request, scenes, share, console, stop).run()


class GroundingRun:
    """A run whose folder exists.

    Args:
        model: to be trained.
        request: what was asked for.
        scenes: open.
        share: which of the processes this is.
        console: where it is told how it goes.
        stop: tells whether to end.

    Raises:
        ConfigurationError: if the saved state does not fit.
    """

    def __init__(
        self,
        model: Grounder,
        request: GroundingRequest,
        scenes: Scenes,
        share: Share,
        console: Console,
        stop: Callable[[], bool],
    ) -> None:
        self._request, self._scenes, self._share, self._stop = request, scenes, share, stop
        self._console = console
        self._folder = RunFolder(request.output)
        self._trainer = GroundingTrainer(model, request.training, share)
        if self._folder.state.exists():
            read_state(self._trainer.updates, self._folder.state)
        self._questions = Questions(scenes, model.config)

    def run(self) -> None:
        """Make the steps that are left.

        Raises:
            GenerationInterrupted: if it was asked to end; all is saved.
            NotFiniteError: if the loss is not a number; the saved network is the last good one.
        """
        with Metrics(
            self._folder.path, self._trainer.updates.step, self._share.first
        ) as self._metrics:
            for report in self._trainer.train(self._questions, self._scenes.train):
                self._after(report)
        if self._share.first:
            self._console.print(f"grounding   {self._folder.checkpoint}", soft_wrap=True)

    def _after(self, report: GroundingStep) -> None:
        step, ended = report.step, report.step == self._request.training.steps
        stops = any_process(self._stop())
        if self._share.first:
            if step % LOG_EVERY == 0 or ended:
                figures = {"total": report.total, **report.parts, "gradient": report.gradient}
                self._metrics.write("train", step, {**figures, "rate": report.rate})
            if step % SAY_EVERY == 0:
                self._say(f"step {step}", report.parts)
            if step % self._request.validate_every == 0 or ended:
                self._validate(step)
            if step % self._request.save_every == 0 or ended or stops:
                self._save()
        wait_for_all()
        if stops and not ended:
            raise GenerationInterrupted(
                f"Stopped after step {step}; go on with the same command and --resume."
            )

    def _validate(self, step: int) -> None:
        found = validate(self._averaged(), self._questions, self._scenes.held_back)
        self._metrics.write("validation", step, found)
        self._say(f"validation at step {step}", found)

    def _save(self) -> None:
        write_state(self._trainer.updates, self._folder.state, {})
        save_grounder(self._averaged(), self._folder.checkpoint)

    def _averaged(self) -> Grounder:
        grounder = Grounder.unfilled(self._trainer.model.config)
        grounder.load_state_dict(self._trainer.updates.average.weights)
        return grounder.eval()

    def _say(self, what: str, figures: dict[str, float]) -> None:
        listed = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        self._console.print(f"{what}: {listed}", soft_wrap=True)
