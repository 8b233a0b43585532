"""A training run: steps, and what is done in between."""

from collections.abc import Callable, Mapping
from dataclasses import asdict

import torch

from vla_humanoid import __version__
from vla_humanoid.data_collection.errors import GenerationInterrupted
from vla_humanoid.policies.checkpoint import Provenance, save_pretrained
from vla_humanoid.policies.policy_model import PolicyModel
from vla_humanoid.training.acting import acting_model
from vla_humanoid.training.action_error import ActionError
from vla_humanoid.training.best import Best
from vla_humanoid.training.closed_loop import ClosedLoop, conditions
from vla_humanoid.training.data import Unseen, training_batches, training_set, unseen
from vla_humanoid.training.distributed import Share, any_process, wait_for_all
from vla_humanoid.training.metrics import Metrics
from vla_humanoid.training.optimization import NotFiniteError
from vla_humanoid.training.plots import can_draw, draw, forecast
from vla_humanoid.training.progress import Display
from vla_humanoid.training.request import Request
from vla_humanoid.training.run_folder import RunFolder
from vla_humanoid.training.source import grammar, revision
from vla_humanoid.training.state_file import read_state, write_state
from vla_humanoid.training.trainer import StepReport, Trainer
from vla_humanoid.training.validation import Validation

LOG_EVERY = 10
"""Steps from one line of figures to the next."""


class Run:
    """A run whose folder exists.

    Args:
        model: to be trained, as `prepare` made it.
        request: what was asked for.
        record: the same, as plain data, with hashes.
        share: which of the processes this is.
        shown: where it is told how it goes.
        stop: tells whether to end.

    Raises:
        ConfigurationError: if the saved state, or what is held back, does not fit.
        DatasetError: if a file cannot be read.
    """

    def __init__(
        self,
        model: PolicyModel,
        request: Request,
        record: Mapping[str, object],
        share: Share,
        shown: Display,
        stop: Callable[[], bool],
    ) -> None:
        self.request, self.share, self.shown, self.stop = request, share, shown, stop
        self._record, self.best = record, Best()
        self._revision = revision()  # Of what is running, whatever becomes of the checkout.
        self.folder = RunFolder(request.output)
        self.trainer = Trainer(model, request.training, share)
        if self.folder.state.exists():
            self.best = Best.from_notes(read_state(self.trainer.updates, self.folder.state))
        self.unseen = unseen(request, model)

    def run(self) -> None:
        """Make the steps that are left.

        Raises:
            GenerationInterrupted: if it was asked to end; all is saved.
            NotFiniteError: if the loss is not a number; the saved model is the last good one.
        """
        model, start = self.trainer.model, self.trainer.updates.step
        with (
            training_set(self.request, model.config) as dataset,
            Metrics(self.folder.path, start, self.share.first) as self.metrics,
        ):
            batches = training_batches(self.request, dataset, model, start, self.share)
            model.train()
            try:
                for report in self.trainer.train(batches):
                    self._after(report)
            except NotFiniteError as error:
                raise NotFiniteError(f"{error} {self._advice()} {self._last_good()}") from error

    def _after(self, report: StepReport) -> None:
        """Do what is due after a step; all processes come here, the first one writes."""
        schedule, step = self.request.schedule, report.step
        ended = step == self.request.training.steps
        self.shown.step(report)
        if step % LOG_EVERY == 0 or ended:
            figures = {name: value for name, value in asdict(report).items() if name != "step"}
            self.metrics.write("train", step, figures)
        evaluates = bool(schedule.evaluate_every) and (step % schedule.evaluate_every == 0 or ended)
        if evaluates or step % schedule.validate_every == 0 or ended:
            if self.share.first:
                self._judge(step, evaluates)
            wait_for_all()
        stops = any_process(self.stop())
        if self.share.first and (stops or ended or step % schedule.save_every == 0):
            self._save()
        if stops and not ended:
            raise GenerationInterrupted(
                f"Stopped after step {step}; go on with the same command and --resume."
            )

    def _judge(self, step: int, evaluates: bool) -> None:
        """Validate, evaluate if wanted, and keep the model if it is the best."""
        model = acting_model(self.trainer.model, self.trainer.updates.average.weights)
        self._write_checkpoint(model)
        loss = float("inf") if self.unseen is None else self._validate(model, self.unseen)
        success = self._evaluate(model) if evaluates else None
        if evaluates and success is None:
            return  # It was interrupted: when the run goes on, it is made again.
        better = self.best.better(step, success, loss)
        if better is not None:
            self.best = better
            save_pretrained(model, self.folder.best, self._provenance(), torch.float16)

    def _validate(self, model: PolicyModel, held_back: Unseen) -> float:
        spec, step = model.description.action, self.trainer.updates.step
        validation = Validation(
            held_back.batches, ActionError(spec), self.request.training.planning
        )
        found = validation(model)
        self.metrics.write("validation", step, found)
        self.shown.figures("validation", step, found)
        if can_draw():
            self.folder.plots.mkdir(exist_ok=True)
            seen = forecast(model, held_back.in_order, held_back.named)
            draw(seen, spec, self.folder.plots / f"step_{step}.png")
        return found["action_loss"]

    def _evaluate(self, model: PolicyModel) -> float | None:
        schedule, step = self.request.schedule, self.trainer.updates.step
        config = conditions(self.request.files[0], self.folder.checkpoint)
        closed_loop = ClosedLoop(
            config, model.description.tasks, schedule.episodes, schedule.evaluators
        )
        found = closed_loop.run(self.folder.evaluations / f"step_{step}.json", self.stop)
        if found is None:
            return None
        self.metrics.write("evaluation", step, found)
        self.shown.figures("evaluation", step, found)
        return found["success_rate"]

    def _save(self) -> None:
        write_state(self.trainer.updates, self.folder.state, self.best.notes())
        self._write_checkpoint(
            acting_model(self.trainer.model, self.trainer.updates.average.weights)
        )

    def _write_checkpoint(self, model: PolicyModel) -> None:
        save_pretrained(model, self.folder.checkpoint, self._provenance(), torch.float16)

    def _provenance(self) -> Provenance:
        datasets = self._record["datasets"]
        return Provenance(
            version=__version__,
            datasets=datasets if isinstance(datasets, dict) else {},
            tasks=self.trainer.model.description.tasks,
            step=self.trainer.updates.step,
            training=asdict(self.request.training),
            revision=self._revision,
            grammar=grammar(self.trainer.model.description.tasks),
        )

    def _advice(self) -> str:
        exact = self.request.training.precision == "float32"
        return "Look at the data." if exact else "Or train with --precision float32."

    def _last_good(self) -> str:
        if not self.folder.checkpoint.exists():
            return "Nothing was saved before."
        return (
            f"The last good model is in {self.folder.checkpoint}; begin another run with it: "
            f"--init {self.folder.checkpoint}."
        )
