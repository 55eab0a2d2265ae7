"""Rewards and advantages, as trainers call them."""

import unittest

import chronotope as ct
import numpy as np


class Rewards(unittest.TestCase):
    def test_a_batch_is_an_array_with_nan_where_a_row_cannot_be_judged(self):
        said = ["<answer>B</answer>", "<answer>C</answer>", "no tag", "<answer>B</answer>"]
        worth = ct.rewards("accuracy", said, ["B", "B", "B", None])
        self.assertEqual(worth.dtype, np.float64)
        np.testing.assert_array_equal(worth, [1.0, 0.0, 0.0, np.nan])

    def test_rows_say_why(self):
        rows = [{"id": 7, "completion": "no tag", "answer": "B"}, {"id": 8, "completion": "<answer>B</answer>"}]
        first, second = ct.reward_rows("accuracy", rows)
        self.assertEqual((first["id"], first["reward"], first["reason"]), (7, 0.0, "no_answer"))
        self.assertIsNone(second["reward"])
        self.assertIn("truth", second["error"])

    def test_both_ways_agree_on_every_example(self):
        import json

        n = 0
        for row in ct.catalogue("rewards"):
            example = json.loads(row["example"])
            [whole] = ct.reward_rows(row["name"], [example])
            self.assertIsNone(whole["error"], row["name"])
            [value] = ct.rewards(
                row["name"],
                [example["completion"]],
                [example.get("answer")],
                problem_types=[example.get("problem_type", "")],
                contexts=[example.get("context") or {}],
            )
            self.assertEqual(value, whole["reward"], row["name"])
            self.assertNotEqual(value, 0, row["name"])  # an example that says something
            n += 1
        self.assertGreater(n, 5)

    def test_a_recipe_is_its_text(self):
        recipe = '[[part]]\nrule = "accuracy"\nweight = 2.0\n'
        np.testing.assert_array_equal(ct.rewards(recipe, ["<answer>B</answer>"], ["B"]), [2.0])
        with self.assertRaises(ct.Error):
            ct.rewards('[[part]]\nrule = "acuracy"\n', ["a"], ["B"])

    def test_wrong_lengths_and_names_are_told(self):
        with self.assertRaisesRegex(ct.Error, "answers: expected 1"):
            ct.rewards("accuracy", ["a"], ["B", "C"])
        with self.assertRaisesRegex(ct.Error, "found `acuracy`"):
            ct.rewards("acuracy", ["a"], ["B"])
        with self.assertRaisesRegex(ct.Error, "completions: expected"):
            ct.rewards("accuracy", [3], ["B"])

    def test_text_that_is_no_utf_8_is_worth_nothing_and_breaks_nothing(self):
        np.testing.assert_array_equal(ct.rewards("accuracy", ["<answer>\ud800</answer>"], ["B"]), [0.0])

    def test_a_megabyte_of_blanks_after_an_unclosed_tag_is_read(self):
        # the pattern that trainers share takes hours for one of these
        worth = ct.rewards("accuracy", ["<answer>" + " " * 1_000_000] * 8, ["B"] * 8)
        np.testing.assert_array_equal(worth, np.zeros(8))


class Judges(unittest.TestCase):
    ROWS = [
        {"id": "a", "completion": "<think>so.</think><answer>a red mug</answer>", "answer": "a red cup", "problem_type": "exact"},
        {"id": "b", "completion": "<think>so.</think><answer>a dog</answer>", "answer": "a red cup", "problem_type": "exact"},
    ]
    COLUMNS = (["<think>so.</think><answer>a red mug</answer>", "<think>so.</think><answer>a dog</answer>"], ["a red cup"] * 2)

    def test_a_function_decides_and_is_named(self):
        asked = []

        def ada(id, part, question, truth, answer):
            asked.append((id, part, question, truth, answer))
            return "mug" in answer

        first, second = ct.reward_rows("deep-eyes", self.ROWS, judge=ada)
        self.assertEqual((first["parts"]["accuracy"]["value"], second["parts"]["accuracy"]["value"]), (1.0, 0.0))
        self.assertEqual((first["judged"], first["judge"], second["judge"]), (["accuracy"], "ada", "ada"))
        self.assertEqual(sorted(asked)[0], ("a", "accuracy", None, "a red cup", "a red mug"))
        self.assertNotIn("judge", ct.reward_rows("accuracy", self.ROWS, judge=ada)[0])  # it was not asked
        worth = ct.rewards("deep-eyes", *self.COLUMNS, problem_types=["exact"] * 2, judge=ada)
        np.testing.assert_array_equal(worth, [first["reward"], second["reward"]])
        self.assertEqual({row[0] for row in asked[-2:]}, {"0", "1"})  # places are ids where there are none

    def test_recorded_verdicts_decide_and_unknown_ids_are_refused(self):
        said = [
            {"id": "a", "part": "accuracy", "answer": "a red mug", "verdict": "yes", "judge": "Ada"},
            {"id": "b", "part": "accuracy", "answer": "a dog", "verdict": 0, "judge": "Bob"},
        ]
        first, second = ct.reward_rows("deep-eyes", self.ROWS, judge=said)
        self.assertEqual((first["judge"], second["judge"]), ("Ada", "Bob"))
        ids = {"problem_types": ["exact"] * 2, "ids": ["a", "b"]}
        worth = ct.rewards("deep-eyes", *self.COLUMNS, judge=said, **ids)
        np.testing.assert_array_equal(worth, [first["reward"], second["reward"]])
        self.assertIn("found nothing", ct.reward_rows("deep-eyes", self.ROWS, judge=said[:1])[1]["error"])
        unknown = "line 3: expected verdicts on the rows' ids, found 1 of others .`c`"
        said.append({"id": "c", "part": "accuracy", "answer": "a dog", "verdict": 1})
        with self.assertRaisesRegex(ct.Error, unknown):
            ct.reward_rows("deep-eyes", self.ROWS, judge=said)
        with self.assertRaisesRegex(ct.Error, unknown):
            ct.rewards("deep-eyes", *self.COLUMNS, judge=said, **ids)

    def test_what_a_judge_raises_is_raised_and_what_is_none_is_told(self):
        def away(*_):
            raise ConnectionError("no model")

        with self.assertRaisesRegex(ConnectionError, "no model"):
            ct.rewards("deep-eyes", *self.COLUMNS, problem_types=["exact"] * 2, judge=away)
        with self.assertRaisesRegex(ConnectionError, "no model"):
            ct.reward_rows("deep-eyes", self.ROWS, judge=away)
        with self.assertRaisesRegex(ct.Error, "judge: expected a function"):
            ct.rewards("deep-eyes", *self.COLUMNS, judge=3)
        with self.assertRaisesRegex(ct.Error, "line 1: expected a field `verdict`"):
            ct.reward_rows("deep-eyes", self.ROWS, judge=[{"id": "a", "answer": "x"}])

    def test_trainers_hand_a_judge_on(self):
        from chronotope import trl, verl

        def ada(id, part, question, truth, answer):
            return id == "a"

        rule = trl.reward("deep-eyes", judge=ada)
        columns = {"answer": ["a red cup"] * 2, "problem_type": ["exact"] * 2, "id": ["a", "b"]}
        self.assertGreater(*rule("pp", self.COLUMNS[0], **columns))
        with self.assertRaisesRegex(ct.Error, "judge: expected a function"):
            trl.reward("deep-eyes", judge=[])
        info = {"problem_type": "exact", "id": "a"}
        right = verl.compute_score("vsi", self.COLUMNS[0][0], "a red cup", info, rule="deep-eyes", judge=ada)
        self.assertGreater(right["score"], 0)


class Advantages(unittest.TestCase):
    def test_a_group_is_centred_and_scaled(self):
        worth = ct.advantages("grpo", [1.0, 0.0, 1.0, 0.0, 5.0, 5.0], [0, 0, 0, 0, 1, 1])
        self.assertAlmostEqual(worth[:4].sum(), 0.0)
        self.assertAlmostEqual(worth[0], 0.5 / np.std([1, 0, 1, 0], ddof=1), places=5)
        np.testing.assert_array_equal(worth[4:], [0.0, 0.0])

    def test_groups_may_stand_in_any_order(self):
        mixed = ct.advantages("rloo", [1.0, 10.0, 3.0, 30.0], ["a", "b", "a", "b"])
        np.testing.assert_allclose(mixed, [-2.0, -20.0, 2.0, 20.0])

    def test_a_lone_rollout_is_refused_unless_asked_for(self):
        with self.assertRaises(ct.Error):
            ct.advantages("grpo", [1.0], [0])
        self.assertEqual(len(ct.advantages("grpo", [1.0], [0], lone=True)), 1)

    def test_wrong_lengths_and_names_are_told(self):
        with self.assertRaisesRegex(ct.Error, "groups: expected 2"):
            ct.advantages("grpo", [1.0, 2.0], [0])
        with self.assertRaisesRegex(ct.Error, "found `grop`"):
            ct.advantages("grop", [1.0], [0])
        self.assertIn("grpo", [row["name"] for row in ct.advantage_methods()])


if __name__ == "__main__":
    unittest.main()
