"""Rewards as verl calls them.

In its configuration:

    custom_reward_function:
      path: pkg://chronotope.verl
      name: compute_score
      reward_kwargs: {rule: accuracy}
"""

from typing import Any, Callable, Dict, Optional

from ._native import reward_rows


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Optional[dict] = None,
    *,
    rule: str = "accuracy",
    context: Optional[dict] = None,
    judge: Optional[Callable[..., Any]] = None,
    **_: Any,
) -> Dict[str, Any]:
    """What one completion is worth by a rule of `chronotope.catalogue("rewards")`.

    `extra_info["problem_type"]` says what kind of problem it is, everything else in `extra_info` is context. Gives `score` and, for the
    log, `reason` (empty where there is none). `judge`, a function as `chronotope.rewards` takes it, decides what no formula does. A row that cannot be judged raises: it is the data's fault, not the policy's.
    """
    info = {} if extra_info is None else dict(extra_info)
    row = {"id": info.get("id"), "completion": solution_str, "answer": ground_truth, "problem_type": info.pop("problem_type", ""), "context": info}
    [judged] = reward_rows(rule, [row], context=context, judge=judge)
    if judged["error"] is not None:
        from ._native import Error

        raise Error(f"{data_source}: {judged['error']}")
    return {"score": judged["reward"], "reason": judged["reason"] or ""}
