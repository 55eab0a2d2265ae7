"""Chronotope: what is known of things in space and time, asked exactly.

>>> import chronotope as ct
>>> world = ct.open("street.world")
>>> world.ask("How many cars are there?").value
3
>>> ct.score("mra", truth=[3.0, 10.0], prediction=["2.9 m", 8.0])["overall"]
{'mra': ...}
>>> ct.rewards("accuracy", ["<think>near</think><answer>B</answer>"], ["B"])
array([1.])

Coordinates are in metres unless a reference frame says otherwise, z up; times are seconds of the record. What is not known is
`unknown`, never guessed: look at `Answer.status` and `Answer.missing`.
"""

from __future__ import annotations

import os as _os

from ._native import (
    Answer,
    Error,
    Metric,
    Table,
    World,
    advantage_methods,
    advantages,
    catalogue,
    decode_mask,
    encode_mask,
    evaluate,
    fitting,
    open_all,
    reward_rows,
    rewards,
    score_files,
)

TYPE_CHECKING = False  # typing's own takes longer to import than all of this
if TYPE_CHECKING:
    from typing import Any, Optional, Sequence, Union

    Source = Union[str, _os.PathLike[str]]

__all__ = [
    "Answer",
    "Error",
    "Metric",
    "Table",
    "World",
    "advantage_methods",
    "advantages",
    "catalogue",
    "decode_mask",
    "encode_mask",
    "evaluate",
    "fitting",
    "open",
    "open_all",
    "reward_rows",
    "rewards",
    "score",
    "score_files",
]


def open(
    source: Source,
    *,
    scene: Optional[str] = None,
    fps: Optional[float] = None,
    picture_px: Optional[tuple[int, int]] = None,
    tolerance_s: Optional[float] = None,
    unknown_scale: bool = False,
) -> World:
    """The one World of a source: a bundle, an annotation file or folder, a text World, a story.

    Broken rows of annotation files are left out and told in a warning. A source with several scenes needs `scene`.
    """
    worlds, faults = open_all(
        source, scene=scene, fps=fps, picture_px=picture_px, tolerance_s=tolerance_s, unknown_scale=unknown_scale
    )
    if faults:
        import warnings

        warnings.warn(f"{source}: broken rows were left out: " + "; ".join(faults), stacklevel=2)
    if len(worlds) != 1:
        names = ", ".join(world.name for world in worlds[:8]) or "none"
        more = f" and {len(worlds) - 8} more" if len(worlds) > 8 else ""
        raise Error(f"expected one scene, found {len(worlds)}: {names}{more}: {source}; name one with scene=…, or use open_all")
    return worlds[0]


def score(
    metric: str,
    truth: Any,
    prediction: Any,
    *,
    by: Any = None,
    id: Optional[Sequence[str]] = None,
    seed: Optional[int] = 0,
    distractors: Optional[str] = None,
) -> dict[str, Any]:
    """Scores predictions against truths with a metric of `catalogue("metrics")`: the dictionary of `chronotope score --json`.

    Both are files or folders (joined by id), or both lists (joined by place), or both dictionaries (joined by key). For lists and
    dictionaries `by` gives the groups, in the same form. None is a missing prediction: it scores 0 and counts. `seed` draws the
    bootstrap interval; None leaves it out. `distractors` is as of `score_files`.
    """
    if isinstance(truth, (str, _os.PathLike)):
        return score_files(metric, truth, prediction, by=by, id=id, seed=seed, distractors=distractors)
    for name, given in (("id", id), ("distractors", distractors)):
        if given is not None:
            raise Error(f"{name}: expected only with files, found it with values")
    tally = Metric(metric, seed=seed)
    if hasattr(truth, "keys"):
        unknown = [key for key in prediction if key not in truth]
        if unknown:
            raise Error(f"prediction: expected ids that have a truth, found {unknown[0]!r}")
        for key, value in truth.items():
            tally.add(value, prediction.get(key), id=str(key), group="all" if by is None else str(by[key]))
        return tally.result()
    if len(truth) != len(prediction) or (by is not None and len(by) != len(truth)):
        raise Error(f"expected as many predictions (and groups) as truths, found {len(prediction)} for {len(truth)}")
    for place, value in enumerate(truth):
        tally.add(value, prediction[place], id=str(place), group="all" if by is None else str(by[place]))
    return tally.result()
