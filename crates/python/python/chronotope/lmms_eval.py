"""Metrics as lmms-eval's tasks call them.

In the task's `utils.py`:

    from chronotope.lmms_eval import Scorer
    scorer = Scorer("mra", truth="answer", by="question_type")
    process_results, aggregate = scorer.process_results, scorer.aggregate

and in its YAML:

    process_results: !function utils.process_results
    metric_list:
      - metric: mra
        aggregation: !function utils.aggregate
        higher_is_better: true
"""

from typing import Any, Optional, Sequence

from ._native import Metric


class Scorer:
    """A metric of `chronotope.catalogue("metrics")` for one task.

    `truth` is the document's field with the truth, or a function of the document; `by` the field that results are grouped by; `id` its
    id. `result` holds all values of the last aggregation.
    """

    def __init__(self, metric: str, *, truth: Any = "answer", by: Optional[str] = None, id: Optional[str] = "id"):
        Metric(metric)  # an unknown metric is told at once
        self.metric, self.truth, self.by, self.id = metric, truth, by, id
        self.result: Optional[dict] = None

    def process_results(self, doc: dict, results: Sequence[Any], **_: Any) -> dict:
        """One document with what the model said: handed to `aggregate` by the metric's name."""
        truth = self.truth(doc) if callable(self.truth) else doc[self.truth]
        row = {"truth": truth, "prediction": results[0] if results else None}
        row["group"] = "all" if self.by is None else str(doc[self.by])
        row["score"] = Metric(self.metric).add(truth, row["prediction"])  # the harness's own error bars look at this
        if self.id is not None and doc.get(self.id) is not None:
            row["id"] = str(doc[self.id])
        return {self.metric: row}

    def aggregate(self, rows: Sequence[dict], **_: Any) -> float:
        """The metric over all rows: its headline value, as a number."""
        tally = Metric(self.metric)
        for row in rows:
            tally.add(row["truth"], row["prediction"], id=row.get("id"), group=row["group"])
        self.result = tally.result()
        values = self.result["overall"]
        first = next(iter(values.values()), None)
        return float("nan") if first is None else float(values.get(self.metric, first))
