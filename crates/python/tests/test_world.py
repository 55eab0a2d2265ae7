"""Worlds, questions, metrics, as a user calls them."""

import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

import chronotope as ct
import numpy as np

DATA = os.environ.get("CHRONOTOPE_DATA", "")

def data(name, *parts):
    """A path in the third-party data; says so, and skips where it is not there."""
    path = os.path.join(DATA, *parts)
    if not os.path.exists(path):
        print(f"data test skipped: python {name}", file=sys.stderr)
        raise unittest.SkipTest("no data")
    print(f"data test run: python {name}", file=sys.stderr)
    return path


def walk():
    """Two cars along x, 1 and 2 m/s, and a person that stands: ten seconds, ten pictures a second."""
    t = np.arange(101) / 10
    columns = {
        "track": np.repeat([1, 2, 3], len(t)),
        "t_s": np.tile(t, 3),
        "x": np.concatenate([t, 2 * t, np.full_like(t, 5.0)]),
        "y": np.concatenate([0 * t, 0 * t + 10, 0 * t + 3]),
    }
    labels = {1: "car", 2: "car", 3: "person"}
    return ct.World.from_samples(columns, labels=labels, names={1: "Max", 2: "Rex"}, tolerance_s=0.2, name="walk")


class Worlds(unittest.TestCase):
    def test_arrays_become_a_world_that_answers(self):
        world = walk()
        self.assertEqual(world.ask("How many cars are there?").value, 2)
        fast = world.ask("How fast is Rex in km/h?")
        self.assertEqual((fast.status, fast.unit), ("answered", "m/s"))
        self.assertAlmostEqual(fast.value, 2.0, places=6)
        self.assertEqual(fast.text, "7.2 km/h")
        self.assertEqual([row["labels"] for row in world.entities], [["car"], ["car"], ["person"]])
        self.assertEqual(world.span_s[0], 0.0)

    def test_a_table_of_arrow_gives_the_same_world(self):
        try:
            import pyarrow as pa
        except ImportError:
            self.skipTest("no pyarrow here")
        t = np.arange(11) / 10
        columns = {"track": np.zeros(11, dtype=np.int64), "t_s": t, "x": t, "y": t}
        kwargs = {"labels": {0: "car"}, "name": "one"}
        self.assertEqual(
            ct.World.from_samples(pa.table(columns), **kwargs).text(), ct.World.from_samples(columns, **kwargs).text()
        )

    def test_samples_come_back_as_arrays(self):
        world = walk()
        samples = world.samples()
        self.assertEqual(len(samples["t_ns"]), 303)
        self.assertEqual(samples["x"].dtype, np.float64)
        self.assertTrue(np.isnan(samples["qw"]).all())
        one = world.samples(track=1, start_s=2.0, end_s=3.0)
        self.assertEqual(set(one["track"]), {1})
        self.assertEqual(one["t_ns"].min() / 1e9, 2.0)
        self.assertLess(one["t_ns"].max() / 1e9, 3.0)
        with self.assertRaisesRegex(ct.Error, "start_s up to end_s"):
            world.samples(start_s=3.0, end_s=2.0)

    def test_a_world_survives_text_and_disk(self):
        world = walk()
        again = ct.World.parse(world.text())
        self.assertEqual(again.text(), world.text())
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "walk.world")
            world.save(path)
            self.assertEqual(ct.open(path).ask("How many things are there?").value, 3)
            with self.assertRaisesRegex(ct.Error, "walk.world"):
                world.save(path)
            out = os.path.join(folder, "walk.csv")
            world.export("csv", out)
            self.assertGreater(os.path.getsize(out), 1000)
            with self.assertRaisesRegex(ct.Error, "expected a format"):
                world.export("nothing", out)
            self.assertEqual(sorted(os.listdir(folder)), ["walk.csv", "walk.world"])

    def test_an_answer_carries_its_evidence_and_replays(self):
        world = walk()
        answer = world.ask("Which car is the fastest?")
        self.assertTrue(answer)
        self.assertGreater(len(answer.evidence), 0)
        saved = answer.json()
        self.assertEqual(world.replay(saved), [])
        saved["answer"]["value"] = [0]
        self.assertNotEqual(world.replay(saved), [])

    def test_what_is_not_known_is_said(self):
        answer = walk().ask("What colour is car 1?")
        self.assertFalse(answer)
        self.assertIn(answer.status, ("unknown", "unsupported"))
        self.assertTrue(answer.missing)

    def test_options_choose_a_letter(self):
        answer = walk().ask("How many cars are there?", options=["A. 1", "B. 2", "C. 3"])
        self.assertEqual(answer.choice, "B")

    def test_a_story_answers(self):
        story = ct.World.story("The cup is left of the plate. The plate is left of the bowl.")
        self.assertIn("left", story.ask("Where is the cup relative to the bowl?").text)

    def test_seen_hides_what_was_not_known_yet(self):
        world = walk()
        early = world.seen(asked_at=1.0)
        self.assertLess(len(early.samples()["t_ns"]), len(world.samples()["t_ns"]))
        with self.assertRaisesRegex(ct.Error, "expected a revision up to"):
            world.seen(as_of=99)

    def test_many_questions_keep_their_order_and_let_other_threads_run(self):
        world = walk()
        questions = [f"How fast is {['Max', 'Rex'][n % 2]}?" for n in range(40)]
        ticks = []
        stop = threading.Event()

        def tick():
            while not stop.is_set():
                ticks.append(1)
                time.sleep(0.001)

        ticker = threading.Thread(target=tick)
        ticker.start()
        answers = world.ask_all(questions)
        stop.set()
        ticker.join()
        self.assertEqual([answer.json()["question"] for answer in answers], questions)
        self.assertAlmostEqual(answers[0].value, 1.0, places=6)
        self.assertAlmostEqual(answers[1].value, 2.0, places=6)

    def test_wrong_columns_are_named(self):
        good = {"track": [0, 0], "t_s": [0.0, 1.0], "x": [0.0, 1.0], "y": [0.0, 1.0]}
        ct.World.from_samples(good)
        for change, told in [
            ({"track": [0]}, "t_s"),
            ({"x": None}, "x and y"),
            ({"x": ["a", "b"]}, "column x"),
            ({"t_s": [0.0, float("nan")]}, "row 1"),
            ({"track": [0, -1]}, "row 1"),
        ]:
            columns = {name: column for name, column in {**good, **change}.items() if column is not None}
            with self.subTest(told), self.assertRaisesRegex(ct.Error, told):
                ct.World.from_samples(columns)
        with self.assertRaisesRegex(ct.Error, "found 9"):
            ct.World.from_samples(good, labels={9: "car"})

    def test_a_file_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(ct.Error, "nowhere.world"):
            ct.open("nowhere.world")

    def test_a_real_file_opens(self):
        path = data("a_real_file_opens", "mot15", "TUD-Campus")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            world = ct.open_all(path, fps=25)[0][0]
        self.assertGreater(len(world.entities), 0)
        self.assertEqual(world.ask("How many people are there?").status, "answered")


class Scores(unittest.TestCase):
    def test_values_and_files_score_alike(self):
        truth, said = [2.0, 4.0, 10.0], ["2.1 m", 4, None]
        values = ct.score("mra", truth, said)
        self.assertEqual(values["n"], 3)
        self.assertEqual(values["missing"], ["2"])
        with tempfile.TemporaryDirectory() as folder:
            t, p = os.path.join(folder, "t.csv"), os.path.join(folder, "p.csv")
            with open(t, "w") as f:
                f.write("id,truth\n" + "".join(f"{i},{v}\n" for i, v in enumerate(truth)))
            with open(p, "w") as f:
                f.write("id,prediction\n" + "".join(f"{i},{v}\n" for i, v in enumerate(said) if v is not None))
            files = ct.score("mra", t, p)
        self.assertEqual(values["overall"], files["overall"])
        self.assertEqual(values["interval"], files["interval"])

    def test_files_of_coco_and_of_motchallenge_are_read_as_by_the_command(self):
        import json

        with tempfile.TemporaryDirectory() as folder:
            t, p = os.path.join(folder, "t.json"), os.path.join(folder, "p.json")
            box = {"image_id": 1, "category_id": 3, "bbox": [10, 10, 20, 20]}
            truth = {
                "images": [{"id": 1, "width": 100, "height": 100}],
                "categories": [{"id": 3, "name": "cup"}],
                "annotations": [{"id": 1, "area": 400, "iscrowd": 0, **box}],
            }
            with open(t, "w") as f:
                json.dump(truth, f)
            with open(p, "w") as f:
                json.dump([{"score": 0.9, **box}, {"score": 0.5, **box, "bbox": [60, 60, 20, 20]}], f)
            fits = [row["metric"] for row in ct.fitting(t, p)]
            self.assertTrue(fits)
            for metric in fits:
                self.assertAlmostEqual(ct.score(metric, t, p)["overall"]["AP"], 1.0, places=12, msg=metric)
            # a static person (class 7) is a distractor of MOT17: nobody has to find it, and a box on it is no false alarm
            gt, said = os.path.join(folder, "gt.txt"), os.path.join(folder, "said.txt")
            with open(gt, "w") as f:
                f.write("1,1,10,10,20,50,1,1,1\n1,2,200,10,20,50,1,7,1\n")
            with open(said, "w") as f:
                f.write("1,1,10,10,20,50,0.9,-1,-1,-1\n1,2,200,10,20,50,0.9,-1,-1,-1\n")
            mota = lambda **rule: ct.score("clear-mot", gt, said, **rule)["overall"]["MOTA"]
            self.assertEqual((mota(), mota(distractors="mot17")), (1.0, 1.0))
            with open(said, "w") as f:
                f.write("1,1,10,10,20,50,0.9,-1,-1,-1\n")
            self.assertEqual((mota(), mota(distractors="off")), (1.0, 0.5))
            with self.assertRaisesRegex(ct.Error, "found `mot99`"):
                mota(distractors="mot99")

    def test_dictionaries_join_by_key_and_unknown_ids_are_refused(self):
        result = ct.score("exact-match", {"a": "x", "b": "y"}, {"b": "y"}, by={"a": 1, "b": 2})
        self.assertEqual(result["by_group"]["2"]["n"], 1)
        with self.assertRaisesRegex(ct.Error, "'c'"):
            ct.score("exact-match", {"a": "x"}, {"c": "x"})
        with self.assertRaisesRegex(ct.Error, "as many"):
            ct.score("exact-match", ["x"], [])
        with self.assertRaisesRegex(ct.Error, "found `nothing`"):
            ct.score("nothing", ["x"], ["x"])

    def test_masks_are_arrays(self):
        mask = np.zeros((4, 6), dtype=bool)
        mask[1:3, 2:5] = True
        coco = ct.encode_mask(mask)
        self.assertEqual(coco["size"], [4, 6])
        np.testing.assert_array_equal(ct.decode_mask(coco), mask)
        # whatever the order in memory, and the type
        many = np.random.default_rng(0).integers(0, 3, (37, 90), dtype=np.uint8)
        for array in (mask, many):
            whole = ct.encode_mask(np.ascontiguousarray(array))
            for same in (np.asfortranarray(array), np.repeat(array, 2, axis=1)[:, ::2], array != 0):
                self.assertEqual(ct.encode_mask(same), whole)
            np.testing.assert_array_equal(ct.decode_mask(whole), array != 0)
        half = mask.copy()
        half[1] = False
        tally = ct.Metric("mask-iou")
        self.assertAlmostEqual(tally.add(mask, half), 0.5)
        self.assertAlmostEqual(tally.add(mask, coco), 1.0)

    def test_tracks_are_arrays(self):
        rows = np.array([[k, i, 10 * i, k, 8, 8] for k in range(10) for i in range(3)], dtype=float)
        result = ct.score("hota", [rows], [rows])
        self.assertAlmostEqual(result["overall"]["HOTA"], 1.0)
        with self.assertRaisesRegex(ct.Error, "row 0"):
            ct.score("hota", [rows], [rows - 0.5])
        with self.assertRaisesRegex(ct.Error, "twice"):
            ct.score("hota", [rows], [np.concatenate([rows, rows])])

    def test_paths_are_arrays(self):
        t = np.arange(50) / 10
        path = np.stack([t, t, np.sin(t), 0 * t, 0 * t, 0 * t, 0 * t, 0 * t + 1], axis=1)
        moved = path + np.array([0, 5, -3, 1, 0, 0, 0, 0.0])
        result = ct.score("ate", [path], [moved])
        self.assertLess(max(v for k, v in result["overall"].items() if "rmse" in k or k == "ate"), 1e-9)

    def test_a_function_judges(self):
        def ada(id, question, truth, answer):
            return {"a mug": 5, "a dog": 1}.get(answer)

        tally = ct.Metric("llm-match", judge=ada)
        truth = {"question": "What stands there?", "answer": "a cup"}
        marks = [tally.add(truth, said) for said in ("a mug", "a dog", "a cat")]
        result = tally.result()
        self.assertEqual(marks, [1.0, 0.0, 0.0])
        self.assertEqual((result["judge"], result["n_unparsable"]), ("ada", 1))
        with self.assertRaises(ct.Error):
            ct.Metric("accuracy", judge=ada)

    def test_a_finished_metric_takes_no_more(self):
        tally = ct.Metric("accuracy")
        tally.add("A", "(A)")
        self.assertEqual(tally.result()["n"], 1)
        with self.assertRaisesRegex(ct.Error, "finished"):
            tally.add("A", "A")

    def test_every_metric_is_listed(self):
        names = [row["name"] for row in ct.catalogue("metrics")]
        self.assertGreaterEqual(len(names), 50)
        for name in names:
            ct.Metric(name)


def native(owner):
    """What an owner has of its own and shows: names with the things."""
    for name, thing in vars(owner).items():
        if not name.startswith("_") or name.startswith("__arrow_c_"):
            yield name, thing.__func__ if isinstance(thing, staticmethod) else thing


class Package(unittest.TestCase):
    def setUp(self):
        import ast
        from pathlib import Path

        tree = ast.parse(Path(ct.__file__).with_name("_native.pyi").read_text())
        self.stubs = {node.name: node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}

    def same_arguments(self, stub, thing, place):
        """A stub names the arguments of the function itself, in order, with a default where it has one, and every one has a type."""
        import inspect

        theirs = list(inspect.signature(thing).parameters.values())
        theirs = [(p.name, p.kind.name == "KEYWORD_ONLY", p.default is not p.empty) for p in theirs]
        plain = stub.args.posonlyargs + stub.args.args
        has = [False] * (len(plain) - len(stub.args.defaults)) + [True] * len(stub.args.defaults)
        ours = [(arg.arg, False, default) for arg, default in zip(plain, has)]
        ours += [(arg.arg, True, default is not None) for arg, default in zip(stub.args.kwonlyargs, stub.args.kw_defaults)]
        bare = lambda rows: [row for row in rows if row[0] not in ("self", "cls")]
        self.assertEqual(bare(ours), bare(theirs), place)
        for arg in [*plain, *stub.args.kwonlyargs]:
            self.assertTrue(arg.arg == "self" or arg.annotation is not None, f"{place}: {arg.arg} has no type")
        self.assertIsNotNone(stub.returns, place)

    def test_everything_public_has_a_docstring_and_a_stub_with_its_own_arguments(self):
        import ast

        shown = {name: getattr(ct._native, name) for name in dir(ct._native) if not name.startswith("_")}
        hidden = {"Column"}  # what NumPy's arrays hold
        self.assertLessEqual(set(shown) - hidden, set(ct.__all__))
        self.assertEqual(set(self.stubs), set(shown) - hidden)
        n = 0
        for name, thing in shown.items():
            self.assertTrue(thing.__doc__, name)
            stub = self.stubs.get(name)
            if isinstance(stub, ast.FunctionDef):
                self.same_arguments(stub, thing, name)
                n += 1
            elif stub is not None and name != "Error":
                members = {node.name: node for node in stub.body if isinstance(node, ast.FunctionDef)}
                own = dict(native(thing))
                self.assertEqual({m for m in members if not m.startswith("__") or m.startswith("__arrow")}, set(own), name)
                for member, found in own.items():
                    self.assertTrue(found.__doc__, f"{name}.{member}")
                    is_property = any(ast.unparse(d) == "property" for d in members[member].decorator_list)
                    self.assertEqual(is_property, not callable(found), f"{name}.{member}")
                    if callable(found):
                        self.same_arguments(members[member], found, f"{name}.{member}")
                    else:
                        self.assertIsNotNone(members[member].returns, f"{name}.{member}")
                    n += 1
        self.assertGreater(n, 50)

    def test_what_is_written_in_python_has_docstrings_and_types_too(self):
        import inspect

        from chronotope import lmms_eval, trl, verl

        written = [ct.open, ct.score, trl.reward, verl.compute_score, lmms_eval.Scorer]
        written += [lmms_eval.Scorer.process_results, lmms_eval.Scorer.aggregate]
        for thing in written:
            self.assertTrue(thing.__doc__, thing)
            signature = inspect.signature(thing)
            for name, parameter in signature.parameters.items():
                self.assertTrue(name == "self" or parameter.annotation is not parameter.empty, f"{thing}: {name}")

    def test_every_metric_rule_and_way_to_advantages_says_what_it_is(self):
        for kind in ("metrics", "rewards", "operators", "importers", "exporters", "benchmarks"):
            rows = ct.catalogue(kind)
            self.assertTrue(rows, kind)
            for row in rows:
                self.assertTrue(row["name"] and row["about"] and row["example"], row)
        for row in ct.advantage_methods():
            self.assertTrue(row["name"] and row["about"], row)

    def test_importing_loads_no_array_library(self):
        seen = subprocess.run(
            [sys.executable, "-c", "import sys, chronotope; print('numpy' in sys.modules)"],
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(seen.stdout.strip(), "False")


if __name__ == "__main__":
    unittest.main()
