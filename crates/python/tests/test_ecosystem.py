"""The forms that trainers and harnesses call, held against the packages themselves: their own lines that call us are cut out of their
wheels and run, without what those packages need otherwise. CHRONOTOPE_WHEELS is the folder with the wheels."""

import ast
import collections
import glob
import inspect
import os
import types
import unittest
import zipfile

import chronotope as ct
from chronotope import lmms_eval, trl, verl

WHEELS = os.environ.get("CHRONOTOPE_WHEELS", "")


def source(package, path):
    """A module of a package as its syntax tree."""
    found = glob.glob(os.path.join(WHEELS, f"{package}-*.whl"))
    if not found:
        raise unittest.SkipTest(f"no wheel of {package} in CHRONOTOPE_WHEELS")
    with zipfile.ZipFile(found[0]) as wheel:
        return ast.parse(wheel.read(path).decode())


def calls(tree, name, *keywords):
    """The calls of a function or method that name all of these arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            if called == name and {*keywords} <= {keyword.arg for keyword in node.keywords}:
                yield node


def run(node, **names):
    """An expression or a statement of theirs, run with these names."""
    if isinstance(node, ast.expr):
        return eval(compile(ast.fix_missing_locations(ast.Expression(node)), "theirs", "eval"), names)
    exec(compile(ast.fix_missing_locations(ast.Module([node], [])), "theirs", "exec"), names)
    return names


class Trl(unittest.TestCase):
    def test_grpo_trainer_calls_our_reward(self):
        tree = source("trl", "trl/trainer/grpo_trainer.py")
        found = list(calls(tree, "reward_func", "prompts", "completions", "completion_ids"))
        self.assertTrue(found)
        completions = ["<think>near</think><answer>B</answer>", "<answer>C</answer>", "B"]
        for call in found:
            values = run(
                call,
                reward_func=trl.reward("accuracy"),
                prompts=["p"] * 3,
                completions=completions,
                completion_ids_list=[[1], [2], [3]],
                completion_ids=[[1], [2], [3]],
                reward_kwargs={"answer": ["B"] * 3, "problem_type": ["multiple choice"] * 3, "trainer_state": object()},
            )
            self.assertEqual(values[:2], [1.0, 0.0])
            self.assertEqual(len(values), 3)
            self.assertTrue(all(value is None or isinstance(value, float) for value in values))

    def test_conversations_are_read_and_rows_without_truth_are_none(self):
        said = [[{"role": "assistant", "content": "<answer>B</answer>"}]] * 2
        self.assertEqual(trl.reward("accuracy")("pp", said, answer=["B", None]), [1.0, None])
        with self.assertRaisesRegex(ct.Error, "found `acuracy`"):
            trl.reward("acuracy")


class Verl(unittest.TestCase):
    def test_the_reward_manager_calls_compute_score(self):
        tree = source("verl", "verl/workers/reward_manager/naive.py")
        found = list(calls(tree, "compute_score", "data_source", "solution_str"))
        self.assertTrue(found)
        takes = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "isinstance(score, dict)"]
        for said, worth in [("<answer>4</answer>", 1.0), ("<answer>9</answer>", 0.0)]:
            score = run(
                found[0],
                self=types.SimpleNamespace(compute_score=verl.compute_score),
                data_source="vsi",
                response_str=said,
                ground_truth="4",
                extra_info={"problem_type": "numerical", "num_turns": 2, "rollout_reward_scores": {}},
            )
            names = run(takes[0], score=score, reward_extra_info=collections.defaultdict(list))
            self.assertEqual(names["reward"], worth)

    def test_it_takes_what_the_default_takes(self):
        tree = source("verl", "verl/utils/reward_score/__init__.py")
        theirs = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "default_compute_score")
        ours = inspect.signature(verl.compute_score)
        keywords = {arg.arg: None for arg in theirs.args.args}
        ours.bind(**keywords)
        self.assertEqual([arg.arg for arg in theirs.args.args][:4], list(ours.parameters)[:4])

    def test_a_row_that_cannot_be_judged_is_told(self):
        with self.assertRaisesRegex(ct.Error, "vsi: expected"):
            verl.compute_score("vsi", "<answer>4</answer>", None)


class LmmsEval(unittest.TestCase):
    def test_the_task_calls_our_metric(self):
        tree = source("lmms_eval", "lmms_eval/api/task.py")
        process = [c for c in calls(tree, "process_results") if ast.unparse(c.func) == "self.config.process_results"]
        tree = source("lmms_eval", "lmms_eval/evaluator_utils.py")
        aggregate = [c for c in calls(tree, "agg_fn") if not c.keywords]
        self.assertTrue(process and aggregate)
        scorer = lmms_eval.Scorer("mra", truth="ground_truth", by="question_type")
        self.assertNotIn("args", inspect.signature(scorer.aggregate).parameters)  # else it is called in another way
        docs = [
            {"id": 0, "ground_truth": 2.0, "question_type": "object_counting"},
            {"id": 1, "ground_truth": 4.0, "question_type": "room_size"},
        ]
        config = types.SimpleNamespace(process_results=scorer.process_results)
        rows = [
            run(process[0], self=types.SimpleNamespace(config=config), doc=doc, results=[said], kwargs={})["mra"]
            for doc, said in zip(docs, ["2", "none at all"])
        ]
        value = run(aggregate[0], agg_fn=scorer.aggregate, items=rows)
        self.assertAlmostEqual(value, 0.5)
        self.assertEqual(scorer.result["by_group"]["object_counting"]["n"], 1)


if __name__ == "__main__":
    unittest.main()
