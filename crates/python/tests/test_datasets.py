"""Rows of Hugging Face's `datasets`, the package itself, in and out."""

import os
import tempfile
import unittest

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")

import chronotope as ct
import numpy as np
import pyarrow as pa

try:
    import datasets
    from datasets import Dataset

    datasets.disable_progress_bars()
except ImportError:
    Dataset = None

ROWS = [
    {"completion": "<think>near</think><answer>B</answer>", "answer": "B", "problem_type": "multiple choice", "context": {"step": 1}},
    {"completion": "<answer>C</answer>", "answer": "B", "problem_type": "multiple choice", "context": {"step": 2}},
    {"completion": "B", "answer": "B", "problem_type": "multiple choice", "context": {"step": 3}},
]


@unittest.skipIf(Dataset is None, "no datasets here")
class Datasets(unittest.TestCase):
    def test_rows_are_rewarded_and_become_rows_again(self):
        rows = Dataset.from_list(ROWS)
        judged = ct.reward_rows("accuracy", rows)
        self.assertEqual([row["reward"] for row in judged], [1.0, 0.0, 0.0])
        again = Dataset.from_list(judged)
        self.assertEqual(again["reason"][2], "no_answer")
        self.assertEqual(ct.reward_rows("accuracy", rows.with_format("numpy"))[0]["reward"], 1.0)

    def test_columns_are_taken_as_they_are(self):
        rows = Dataset.from_list(ROWS)
        worth = ct.rewards("accuracy", rows["completion"], rows["answer"], problem_types=rows["problem_type"], contexts=rows["context"])
        np.testing.assert_array_equal(worth, [1.0, 0.0, 0.0])
        added = rows.add_column("reward", worth)
        self.assertEqual(added[0]["reward"], 1.0)

    def test_a_batched_map_adds_rewards(self):
        def judge(batch):
            return {"reward": ct.rewards("accuracy", batch["completion"], batch["answer"], problem_types=batch["problem_type"])}

        mapped = Dataset.from_list(ROWS).map(judge, batched=True, batch_size=2, load_from_cache_file=False)
        self.assertEqual(list(mapped["reward"]), [1.0, 0.0, 0.0])

    def test_a_dataset_of_samples_is_a_world_and_a_world_a_dataset(self):
        t = np.arange(20) / 10
        columns = {"track": np.repeat([1, 2], 20), "t_s": np.tile(t, 2), "x": np.r_[t, 2 * t], "y": np.zeros(40)}
        said = {"labels": {1: "car", 2: "car"}, "name": "walk"}
        rows = Dataset.from_dict(columns)
        world = ct.World.from_samples(rows.with_format("arrow")[:], **said)
        self.assertEqual(world.text(), ct.World.from_samples(columns, **said).text())
        out = Dataset(pa.table(world))
        self.assertEqual((len(out), max(out["x_m"])), (40, 3.8))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "samples.parquet")
            out.to_parquet(path)
            again = ct.World.from_tables({**world.tables, "samples": Dataset.from_parquet(path, cache_dir=folder).data.table})
        self.assertEqual(again.text(), world.text())

    def test_metrics_take_columns(self):
        rows = Dataset.from_list([{"truth": 2.0, "said": "2.0 m", "kind": "a"}, {"truth": 4.0, "said": "9", "kind": "b"}])
        result = ct.score("mra", rows["truth"], rows["said"], by=rows["kind"])
        self.assertEqual((result["by_group"]["a"]["mra"], result["by_group"]["b"]["mra"]), (1.0, 0.0))


if __name__ == "__main__":
    unittest.main()
