#!/usr/bin/env python3
"""Golden results of benchmarks' own code on replies in words: crates/score/tests/golden/replies.json.

    python3 -m venv VENV && VENV/bin/pip install numpy
    OFFICIAL_DIR=FOLDER VENV/bin/python benches/peers/reply_golden.py

$OFFICIAL_DIR holds checkouts of llyx97/TempCompass and AnjieCheng/SpatialRGPT, as `TempCompass` and `SpatialRGPT`. Their code is run and nothing of it is kept here. Where it asks a language
model to read a number out of a reply, the model's part is played by what the reply was made from: the thresholds, means and errors are the authors'. $CHRONOTOPE_DATA adds TempCompass's own questions.
"""
import ast, contextlib, gzip, io, json, os, sys, tempfile, types, warnings
import numpy as np
from score_golden import OUT, Random

warnings.filterwarnings("ignore")
OFFICIAL = os.environ["OFFICIAL_DIR"]
r = Random(47)
pick = lambda of: of[int(r.u() * len(of))]
row = lambda truth, said, group="g": {"group": group, "truth": truth, "said": said}
cases = []


def read(*path):
    with open(os.path.join(OFFICIAL, *path)) as f: return f.read()


def loaded(text, space):
    exec(compile(ast.Module([n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)], []), "official", "exec"), space)
    return space


def temp_compass():
    """Each task's own `main` without the model, over drawn replies to made questions and to the benchmark's own."""
    def rated(task, rows):
        space = loaded(read("TempCompass", f"eval_{task}.py"), {"json": json, "os": os, "tqdm": lambda of: of, "print_result": lambda _: None, "base_prompt": ""})
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.json")
            space["main"]({"v": {"action": rows}}, {}, out, True)
            with open(out) as f: return json.load(f)["v"]["action"]
    made = {"multi-choice": [{"question": "Which?\nA. running\nB. dancing\nC. B. sitting", "answer": pick(["A. running", "B. dancing", "C. B. sitting"])} for _ in range(60)],
            "yes_no": [{"question": "Is it?", "answer": pick(["yes", "no"])} for _ in range(40)],
            "caption_matching": [{"question": f"Which?\n{name} {one}: A cat: red.\n{name} {two}: A dog (big) runs.", "answer": pick([f"{name} {one}: A cat: red.", f"{name} {two}: A dog (big) runs."])}
                                 for name, one, two in [pick([("Caption", "A", "B"), ("Option", "1", "2"), ("Sentence", "A", "B")]) for _ in range(60)]]}
    if data := os.environ.get("CHRONOTOPE_DATA"):
        for task in made:
            with gzip.open(os.path.join(data, "videoqa_text", f"tempcompass_{task}.json.gz"), "rt") as f: real = json.load(f)
            every = [q for video in real.values() for questions in video.values() for q in questions]
            made[task] += [pick(every) for _ in range(40)]
    for task, questions in made.items():
        rows = []
        for q in questions:
            lines = q["question"].split("\n")[1:] or ["x: y"]; line = pick(lines); tail = line.split(": ")[-1]; head = line.split(": ")[0]
            said = pick([q["answer"], line, tail, head, head.split(" ")[-1], head + ".", f"(B) {tail}", f"{pick('ABCDE12')}", f"{pick('ABCDabc')}. {tail}", f"{pick('ABCD')}) {tail}", f"The answer is {line}", "Yes.", "no", "No, it does not</s>", "YES it is", "Nobody", "", " B ", "it is so"])
            rows.append({**q, "prediction": said})
        rows.append({**questions[0], "prediction": None})
        rated_rows = rated(task, [dict(q) for q in rows]); right = [float(q["rating"]) for q in rated_rows]; read_by_rule = [float(q["match_success"]) for q in rated_rows]
        ours = [row({"answer": q["answer"], "question": q["question"], "task": task}, None if q["prediction"] is None else {"prediction": q["prediction"]}) for q in rows]
        for one, score, matched in zip(ours, right, read_by_rule): cases.append({"metric": "temp-compass/official", "rows": [one], "values": {"accuracy": score, "match_rate": matched}})
        cases.append({"metric": "temp-compass/official", "rows": ours, "values": {"accuracy": sum(right) / len(right), "match_rate": sum(read_by_rule) / len(right)}})


def spatial_rgpt():
    """The whole script, its answers read from score.json; the model's readings are those that the replies were made from."""
    metres = {"meters": 1.0, "m": 1.0, "centimeters": 0.01, "cm": 0.01, "inches": 0.0254, "in": 0.0254, "feet": 0.3048, "ft": 0.3048}
    say_yes, say_no = ["Yes, Region [0] is.", "Correct, you'll find it there.", "Indeed, Region [1] is lower."], ["No.", "Incorrect, Region [0] is not.", "In fact, Region [0] is to the right of Region [1].", "Actually, no"]
    for n in (40, 400):
        rows, readings, lines = [], {}, []
        for i in range(n):
            kinds = ["vertical_distance_data", "horizontal_distance_data", "distance_data", "width_data", "height_data", "direction", "tall_choice", "short_predicate", "left_predicate", "right_choice", "below_predicate", "above_choice", "behind_predicate", "front_choice", "big_predicate", "small_choice", "wide_choice", "thin_predicate"]
            kind, question = kinds[i % len(kinds)], f"question {i};"
            if kind == "direction":
                g, p = 1 + int(r.u() * 12), 1 + int(r.u() * 12); truth, said = f"Region [0] will find Region [1] around the {g} o'clock direction.", pick([f"At the {p} o'clock position", f"{p}", f"around {p} o'clock from Region [1]"])
                reading = {"answer_direction": g, "response_direction": p}
            elif kind.endswith("_data"):
                unit, other = pick(list(metres)), pick(list(metres)); g = round(0.2 + r.u() * 9, 2); p = round(g * metres[unit] / metres[other] * (0.6 + r.u() * 0.9), 2)
                truth, said = f"The width of Region [0] is {g} {unit}.", pick([f"{p} {other}", f"Region [1] measures {p} {other}.", f"It is about {p} {other}, I think"])
                reading = {"answer_in_meters": g * metres[unit], "response_in_meters": p * metres[other]}
                if r.u() < .1: feet = int(1 + r.u() * 6); said, reading["response_in_meters"] = f"{feet} feet {p} inches", feet * 0.3048 + p * 0.0254
                elif r.u() < .1: said, reading["response_in_meters"] = f"{p}", p
            elif kind.endswith("choice"):
                g, p = pick("01"), pick("01"); truth, said = pick([f"With more of it is Region [{g}].", f"Region [{g}]"]), pick([f"Region [{p}].", f"It is region {p}", f"Region [{p}] is more so."])
                reading = {"your_mark": int(g == p)}
            else:
                g, p = pick([True, False]), pick([True, False]); truth, said = pick(say_yes if g else say_no), pick(say_yes if p else say_no); reading = {"your_mark": int(g == p)}
            if r.u() < .08: said, reading = "I cannot tell", {"your_mark": 0}  # a number is then not in it
            readings[question] = json.dumps(reading)
            numeric = kind == "direction" or kind.endswith("_data")
            lines.append({"question": question, "gt": truth, "pred": said, "qa_info": {"type": "quantitative" if numeric else "qualitative", "category": kind}})
            rows.append(row({"answer": truth, "category": kind}, {"prediction": said}))
        def create(messages, **_):
            content = messages[-1]["content"]; question = content[content.rfind("Question: ") + 10:].split("\n")[0]
            return types.SimpleNamespace(choices=[types.SimpleNamespace(message=types.SimpleNamespace(content=readings[question]))])
        fake = types.ModuleType("openai"); fake.chat = types.SimpleNamespace(completions=types.SimpleNamespace(create=create))
        quiet = types.ModuleType("tqdm"); quiet.tqdm = lambda of: of
        text = read("SpatialRGPT", "scripts", "srgpt", "eval", "evaluate_spatial_with_gpt4.py").replace("round(v, 3)", "v")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "replies.jsonl")
            with open(path, "w") as f: f.writelines(json.dumps(line) + "\n" for line in lines)
            here, argv = os.getcwd(), sys.argv
            os.chdir(os.path.join(OFFICIAL, "SpatialRGPT")); sys.argv = ["x", path]; sys.modules.update(openai=fake, tqdm=quiet)
            try:
                with contextlib.redirect_stdout(io.StringIO()): exec(compile(text, "official", "exec"), {"__name__": "__main__"})
            finally: os.chdir(here); sys.argv = argv
            with open(os.path.join(folder, "score.json")) as f: score = json.load(f)
        values = {"qualitative": score["Qual_overall_acc"] / 100, "quantitative": score["Quan_overall_acc"] / 100, "direction_error_deg": score["Quan_direction_err"] / 100 * 360 / 12}
        for name in ("below/above", "left/right", "big/small", "tall/short", "wide/thin", "behind/front"): values[name.replace("/", "_")] = score[f"Qual_{name}_acc"] / 100
        for name in ("direct_distance", "horizontal_distance", "vertical_distance", "width", "height"):
            values[name] = score[f"Quan_{name}_acc"] / 100; values[name + "_error"] = score[f"Quan_{name}_err"] / 100
            values[name + "_abs_rel"] = score[f"Quan_{'distance' if name == 'direct_distance' else name}_data_absrel"]
        values["direction"] = score["Quan_direction_acc"] / 100
        cases.append({"metric": "spatial-rgpt/official", "rows": rows, "values": values})


if __name__ == "__main__":
    temp_compass()
    spatial_rgpt()
    with open(os.path.join(OUT, "replies.json"), "w") as f: f.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
