"""Rewards as TRL's trainers call them.

    from chronotope.trl import reward
    trainer = GRPOTrainer(model, reward_funcs=[reward("accuracy"), reward("format")], train_dataset=rows, ...)

The dataset's columns `answer` and, where the rule looks at it, `problem_type` stand beside the prompt; every other column is handed to
the rule as context.
"""

from typing import Any, Callable, List, Optional

from ._native import Error, rewards


def _groups(prompts: Any) -> List[int]:
    """Rollouts of one prompt stand side by side: a new group begins where the prompt changes."""
    groups: List[int] = []
    for place, prompt in enumerate(prompts):
        new = place == 0 or prompt != prompts[place - 1]
        groups.append((groups[-1] + 1 if groups else 0) if new else groups[-1])
    return groups


def _is_plain(value: Any) -> bool:
    """Whether it can be handed on as context: not a picture, a tensor or what else a dataset holds."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    return value is None or isinstance(value, (str, bool, int, float))


def reward(
    rule: str,
    *,
    answer: str = "answer",
    problem_type: str = "problem_type",
    context: Optional[dict] = None,
    judge: Optional[Callable[..., Any]] = None,
) -> Callable[..., List[Optional[float]]]:
    """A reward function of a rule of `chronotope.catalogue("rewards")`, or of a recipe (its text).

    Gives one number a completion, None where a row cannot be judged (TRL leaves such rows out of this reward). `answer` and
    `problem_type` name the dataset's columns; `context` holds for all rows. `judge`, a function as `chronotope.rewards` takes it, decides what no
    formula does; the column `id`, if there is one, says the rows' ids.
    """
    if judge is not None and not callable(judge):
        raise Error("judge: expected a function, since a batch has only some of the rows that were judged before")
    rewards(rule, [])  # an unknown rule is told at once, not in the middle of a training

    def judged(prompts: Any, completions: Any, completion_ids: Any = None, **columns: Any) -> List[Optional[float]]:
        n = len(completions)
        # what the trainer says of itself has another length, or is no column at all
        own = {
            name: column
            for name, column in columns.items()
            if isinstance(column, (list, tuple)) and len(column) == n and all(map(_is_plain, column))
        }
        answers, types = own.pop(answer, None), own.pop(problem_type, None)
        ids = own.get("id")
        contexts = [dict(zip(own, row)) for row in zip(*own.values())] if own else None
        values = rewards(
            rule,
            completions,
            answers,
            problem_types=types,
            contexts=contexts,
            groups=_groups(prompts),
            context=context,
            ids=ids,
            judge=judge,
        )
        return [None if value != value else value for value in values.tolist()]

    # the trainer logs it under this name
    judged.__name__ = "chronotope_recipe" if "=" in rule else f"chronotope_{rule}".replace("-", "_")
    return judged
