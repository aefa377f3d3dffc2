"""Watching a step: progress, judgements, probes, alarms, early stopping, the best weights."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from transformers.trainer_callback import TrainerCallback

from nmixx.encoding import Precision
from nmixx.progress import progress_bar
from nmixx.training.alarms import Alarm, History, ring
from nmixx.training.checkpoints import BestWeights
from nmixx.training.companions import AccompaniedLoss
from nmixx.training.faults import LossFaults
from nmixx.training.judging import Judge, Judgement, LiveEncoder, mean_figure, reading_in_full
from nmixx.training.probe import Probe, Prober
from nmixx.training.watch_settings import WatchSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

_PROBES = 8
_JUDGEMENTS = 5


@dataclass(frozen=True)
class Watched:
    """What a step is watched with."""

    name: str
    model: SentenceTransformer
    loss: AccompaniedLoss
    faults: LossFaults
    prober: Prober
    directions: dict[str, int]
    best: BestWeights
    precision: Precision
    length: int | None
    watch: WatchSettings | None
    judge: Judge | None


class Watcher(TrainerCallback):
    """Looks at a step while it trains.

    All it learns goes into the trainer's own log, which checkpoints carry, so that a resumed step
    knows what the whole one would know.
    """

    def __init__(self, watched: Watched) -> None:
        self._w = watched
        self._context: Any = None
        self._bar: Any = None
        self._task: Any = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401
        """Open the bar where the run begins from, and look at the model before its first step."""
        self._context = progress_bar()
        self._bar = self._context.__enter__()
        self._task = self._bar.add_task(
            f"training: {self._w.name}", total=state.max_steps, completed=state.global_step
        )
        if state.global_step == 0:
            self._look(state)
            self._judge(state)
            self._listen(state)

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401
        """Tell the loss which step it is in."""
        self._w.loss.step = state.global_step

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401
        """Move the bar, look and judge when it is time, and stop when it gets no better."""
        self._bar.update(self._task, completed=state.global_step)
        if _is_time(state, None, _PROBES):
            self._look(state)
        if self._w.watch is not None and _is_time(state, self._w.watch.every, _JUDGEMENTS):
            self._judge(state)
            control.should_training_stop |= self._is_out_of_patience(state)
        self._listen(state)

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:  # noqa: ANN401
        """Say the loss, and listen for alarms in it."""
        loss = (logs or {}).get("loss")
        if loss is not None:
            logger.info("%s: step %d, loss %.4f", self._w.name, state.global_step, loss)
            self._listen(state)

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401
        """Let go of weights that were the best before the newest checkpoint."""
        best = best_judgement(state)
        if best is not None:
            self._w.best.keep_only(best.step)

    def finish(self, state: Any) -> Judgement | None:  # noqa: ANN401 - the trainer's own type
        """Listen a last time, put the best judged weights into the model, give their judgement."""
        self._listen(state, finished=True)
        best = best_judgement(state)
        if best is not None and best.step != state.global_step:
            self._w.best.load(self._w.model, best.step)
            logger.info("%s: the weights of step %d are kept", self._w.name, best.step)
        return best

    def close(self) -> None:
        """Close the bar, whatever became of the training."""
        if self._context is not None:
            self._context.__exit__(None, None, None)

    def _look(self, state: Any) -> None:  # noqa: ANN401
        """Probe the model."""
        model = self._w.model
        self._w.faults.require_finite_weights(state.global_step)
        with reading_in_full(model, model.max_seq_length):
            probe = self._w.prober.look(LiveEncoder(model, self._w.precision), state.global_step)
        _note(state, "probe", asdict(probe))

    def _judge(self, state: Any) -> None:  # noqa: ANN401
        """Judge the model and keep its weights when none were better."""
        watch, judge = self._w.watch, self._w.judge
        if watch is None or judge is None or state.global_step in _judged_steps(state):
            return
        self._w.faults.require_finite_weights(state.global_step)
        with reading_in_full(self._w.model, self._w.length):
            figures = dict(judge(LiveEncoder(self._w.model, self._w.precision), watch.tasks))
        figure = mean_figure(figures, watch.tasks)
        before = best_judgement(state)
        _note(state, "judged", asdict(Judgement(state.global_step, figures, figure)))
        if before is None or figure > before.figure:
            self._w.best.write(self._w.model, state.global_step)
        told = ", ".join(f"{name} {value:.4f}" for name, value in figures.items())
        logger.info("%s: step %d, %s", self._w.name, state.global_step, told)
        best = figure if before is None else max(figure, before.figure)
        self._bar.update(
            self._task, description=f"training: {self._w.name} {figure:.4f} (best {best:.4f})"
        )

    def _is_out_of_patience(self, state: Any) -> bool:  # noqa: ANN401
        """Tell whether the last judgements brought nothing better."""
        patience = self._w.watch and self._w.watch.patience
        best = best_judgement(state)
        if not patience or best is None:
            return False
        since = sum(step > best.step for step in _judged_steps(state))
        if since < patience:
            return False
        logger.warning(
            "%s: stopped at step %d of %d; the last %d judgements were no better than step %d's",
            self._w.name,
            state.global_step,
            state.max_steps,
            since,
            best.step,
        )
        return True

    def _listen(self, state: Any, *, finished: bool = False) -> None:  # noqa: ANN401
        """Say what has gone wrong since the last time."""
        known = alarms_of(state)
        history = read_history(state, self._w.directions, finished=finished)
        for alarm in ring(history, state.global_step, known):
            logger.warning("%s, step %d: %s", self._w.name, alarm.step, alarm.words)
            _note(state, "alarm", asdict(alarm))


def read_history(state: Any, directions: dict[str, int], *, finished: bool) -> History:  # noqa: ANN401
    """Read what a trainer's log knows of a step."""
    done = state.global_step / max(1, state.max_steps)
    return History(
        losses_of(state), probes_of(state), judgements_of(state), directions, done, finished
    )


def losses_of(state: Any) -> list[tuple[int, float]]:  # noqa: ANN401
    """List the logged losses, those of a resumed run's first part too."""
    return [(int(e["step"]), float(e["loss"])) for e in state.log_history if "loss" in e]


def probes_of(state: Any) -> list[Probe]:  # noqa: ANN401
    """List the probes."""
    return _read(state, "probe", Probe)


def judgements_of(state: Any) -> list[Judgement]:  # noqa: ANN401
    """List the judgements."""
    return _read(state, "judged", Judgement)


def alarms_of(state: Any) -> list[Alarm]:  # noqa: ANN401
    """List the alarms that went off."""
    return _read(state, "alarm", Alarm)


def best_judgement(state: Any) -> Judgement | None:  # noqa: ANN401
    """Give the judgement with the highest figure, the earliest of equal ones."""
    every = judgements_of(state)
    return max(every, key=lambda judgement: judgement.figure) if every else None


def _judged_steps(state: Any) -> list[int]:  # noqa: ANN401
    """List the steps that were judged."""
    return [judgement.step for judgement in judgements_of(state)]


def _read(state: Any, name: str, kind: Callable[..., Any]) -> list[Any]:  # noqa: ANN401
    """Read notes of one kind."""
    return [kind(**entry[name]) for entry in state.log_history if name in entry]


def _note(state: Any, name: str, value: dict[str, Any]) -> None:  # noqa: ANN401
    """Write a note into the trainer's log."""
    state.log_history.append({"step": state.global_step, name: value})


def _is_time(state: Any, every: int | None, times: int) -> bool:  # noqa: ANN401
    """Tell whether a step is one of those at which something regular is due, or the last one."""
    due = every or max(1, -(-state.max_steps // times))
    return bool(state.global_step % due == 0 or state.global_step == state.max_steps)
