#!/usr/bin/env python3
"""Golden results of published reward code on inputs that a seed generates: crates/score/tests/golden/{rouge,onethinker,vla_r1,dates,video_r1,open_o3,advantages}.json.

    python3 -m venv VENV && VENV/bin/pip install rouge-score numpy
    ONETHINKER=CHECKOUT VLA_R1=CHECKOUT TIME_R1=CHECKOUT VIDEO_R1=CHECKOUT OPEN_O3=CHECKOUT EASYR1=CHECKOUT VENV/bin/python benches/peers/reward_golden.py

Checkouts (git directories are read with `git show`): tulerfeng/OneThinker, GigaAI-research/VLA-R1, ulab-uiuc/Time-R1, tulerfeng/Video-R1, marinero4972/Open-o3-Video, hiyouga/EasyR1. Only the functions named below are taken out of
their files, so that torch and the like need not be there; nothing of theirs is kept but the numbers.
"""
import ast, json, math, os, random, re, itertools, subprocess, typing
from rouge_score import rouge_scorer
HERE = os.path.dirname(os.path.abspath(__file__)); OUT = os.path.join(HERE, "../../crates/score/tests/golden")
R = random.Random(7)


def write(name, rows):
    with open(os.path.join(OUT, name), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(r, ensure_ascii=True) for r in rows) + "\n]\n")
    print(name, len(rows))


def functions(repo, path, names, more=None):
    text = subprocess.run(["git", f"--git-dir={repo}", "show", f"HEAD:{path}"], check=True, capture_output=True, text=True).stdout
    keep = []
    for node in ast.parse(text).body:
        name = getattr(node, "name", None) or (node.targets[0].id if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) else None)
        if name in names: keep.append(node)
    space = {"re": re, "json": json, "math": math, "builtin_math": math, "itertools": itertools, **{k: getattr(typing, k) for k in ("Any", "Dict", "List", "Optional")}, **(more or {})}
    exec(compile(ast.Module(keep, []), path, "exec"), space)
    return space


def rouge():
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True)
    stems = "relate connect general operate hope happy fly agree die lie tie sky news proceed electric geology apology adjust replace radical formal sensible valence hesitate digit conform differ vile analog vietnam feudal decide callous triplicate good allow infer airline gyroscope defend irritate homologous communicate activate angular effective bowdler probable cease control roll enjoy spy cry try play run swim big hot skiing easy".split()
    ends = ["", "s", "es", "ies", "ed", "ied", "ing", "ly", "ness", "ful", "fulness", "fulli", "ation", "ational", "izer", "ization", "ator", "alism", "iveness", "ousness", "aliti", "iviti", "biliti", "logi", "y", "ment", "ement", "ance", "ence", "able", "ible", "ant", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize", "ical", "iciti", "alize", "icate", "ative", "eed", "ll", "e", "er", "al", "alli", "bli", "entli", "eli", "ousli", "'s", "-like"]
    word = lambda: R.choice(stems) + R.choice(ends)
    rows = []
    odd = ["", "!!!", "a", "A a A", "3.5 m", "caf\u00e9 na\u00efve", "\u212aelvin \u0130stanbul", "x_y z-w", "don't", "yyyy sayyys", "1st 2nd"]
    for i in range(400):
        truth = " ".join(word() for _ in range(R.randint(1, 30 if i % 10 else 90)))
        said = truth.split()
        R.shuffle(said) if i % 3 == 0 else None
        said = " ".join(w if R.random() < .6 else word() for w in said[: R.randint(1, 100)])
        if i < len(odd) ** 2: truth, said = odd[i // len(odd)], odd[i % len(odd)]
        f = scorer.score(truth, said); rows.append({"truth": truth, "said": said, "f": [f[k].fmeasure for k in ("rouge1", "rouge2", "rougeL")]})
    write("rouge.json", rows)


def onethinker():
    names = {"THINK_ANSWER_PATTERN", "ANSWER_CAPTURE_PATTERN", "extract_answer", "normalize_number", "wer", "_is_list_of_numbers", "iou_1d", "iou_2d", "mean_iou_over_gt_frames", "mean_iou_over_intersection", "_pairwise_l2", "assignment_similarity_3", "tag_format_reward", "answer_structure_bonus", "accuracy_reward"}
    space = functions(os.environ["ONETHINKER"], "EasyR1/verl/reward_function/onethinker_reward.py", names)
    num = lambda k=100: round(R.uniform(0, k), R.choice([0, 1, 2]))
    box = lambda: (lambda x, y: [x, y, x + num(50), y + num(50)])(num(), num())
    near = lambda v, s=10: [round(a + R.uniform(-s, s), 2) for a in v]
    def shape(kind, like=None):
        interval = sorted([num(), num()])
        if kind == "temporal grounding": return {"time": near(like["time"]) if like else interval}
        if kind == "spatial grounding": return {"boxes": near(like["boxes"]) if like else box()}
        if kind in ("tracking", "spatial-temporal grounding"):
            keys = [str(k) for k in range(R.randint(1, 6))]
            boxes = {k: near(like["boxes"].get(k, box())) if like else box() for k in keys}
            return {"boxes": boxes} | ({"time": near(like["time"]) if like else interval} if kind != "tracking" else {})
        points = lambda f: [near(p, 60) for p in like[f]] if like else [[num(500), num(500)] for _ in range(3)]
        p, n = points("positive_points"), points("negative_points"); R.shuffle(p)
        return {"boxes": near(like["boxes"]) if like else box(), "positive_points": p, "negative_points": n, "time": num(9)}
    rows = []
    for i in range(500):
        kind = ["temporal grounding", "spatial grounding", "tracking", "spatial-temporal grounding", "segmentation"][i % 5]
        data = R.choice(["image", "video"]); truth = shape(kind); said = shape(kind, truth)
        # what the house does not read on purpose (reversed ends) is left away
        if "time" in said and isinstance(said["time"], list): said["time"].sort()
        text = json.dumps(said) if R.random() > .1 else R.choice(["", "{", "[]", "{\"time\": 3}", "{\"boxes\": [1, 2]}", "{\"boxes\": {\"0\": [1]}}"])
        reply = f"<think>t</think>\n<answer>{text}</answer>" if text else "<think>t</think> none"
        gold = json.dumps(truth)
        format_, acc = space["tag_format_reward"](reply), space["accuracy_reward"](reply, gold, data, kind)
        answer = space["extract_answer"](reply) or ""
        structure = space["answer_structure_bonus"](answer, gold, data, kind) if format_ else 0.0
        rows.append({"type": kind, "data": data, "truth": gold, "completion": reply, "overall": .9 * acc + .1 * format_ + structure})
    write("onethinker.json", rows)


def vla():
    path = "RFT_training/train_utils/robot_bbox_traj_norm.py"
    names = set(re.findall(r"^(?:def )?(\w+)", subprocess.run(["git", f"--git-dir={os.environ['VLA_R1']}", "show", f"HEAD:{path}"], check=True, capture_output=True, text=True).stdout, re.M))
    space = functions(os.environ["VLA_R1"], path, names)
    share = lambda: round(R.uniform(-.1, 1.1), 3)
    rows = []
    for i in range(300):
        if i % 2: make = lambda: {"x": share(), "y": share(), "width": share(), "height": share()}
        else: make = lambda: [[share(), share()] for _ in range(R.randint(1, 12))]
        truth, said = make(), make() if i % 17 else 3
        if i % 23 == 0: said = [[.5, .5]] * 3
        reply = f"<think>t</think><output>{json.dumps(said)}</output>"; gold = f"<output>{json.dumps(truth)}</output>"
        rows.append({"completion": reply, "truth": json.dumps(truth), "score": space["compute_score"]("", reply, gold)["score"]})
    write("vla_r1.json", rows)


def dates():
    names = {"compute_length_repetition_penalty", "compute_inconsistency_penalty", "compute_order_accuracy", "compute_order_consistency_penalty", "entity_match_score", "months_and_variants"}
    space = functions(os.environ["TIME_R1"], "verl/utils/reward_score/time_reasoning.py", names)
    rows = []
    for i in range(80):
        n = R.choice([10, 60, 120, 230, 950, 1100]); words = ["w%d" % R.randint(0, R.choice([2, 5, 40, 4000])) for _ in range(n)]
        if i % 4 == 0: words[5:5] = ["x"] * R.randint(3, 12)
        text = " ".join(words); rows.append({"text": text, "penalty": space["compute_length_repetition_penalty"](text)})
    write("dates.json", rows)


def video_r1():
    space = functions(os.environ["VIDEO_R1"], "src/r1-v/src/open_r1/grpo.py", {"accuracy_reward", "format_reward"}, {"os": os, "rouge_scorer": rouge_scorer, "datetime": __import__("datetime").datetime, "print": lambda *a: None})
    words = "the red car turns left behind a table and stops near three chairs quickly".split()
    number = lambda: R.choice(["3", "3.0", "3.1", "3.14", "1,200", "-7", "0.5", "12", "12.00", "twelve", "3 m", "", "1e3", "4.", "abc"])
    shells = ["<think>t</think>\n<answer>{}</answer>", "<think>t</think><answer> {} </answer>", "<answer>{}</answer>", "so {}", "<think>t</think><answer>{}</answer> end", "<think><answer>{}</answer></think>", "<think>t</think><answer>{}</answer><answer>B</answer>", "<think>a</think>x<think>b</think> <answer>{}</answer>", "<answer>{}"]
    rows = []
    for i in range(500):
        kind = ["multiple choice", "numerical", "OCR", "free-form", "regression"][i % 5]
        if kind == "multiple choice": gold, said = R.choice("ABCD"), R.choice(["A", "B", "C", "D", "(A)", "A.", "A or B", "b", ""])
        elif kind in ("numerical", "regression"): gold, said = R.choice(["3", "3.1", "12", "1,200", "0.5", "-7"]), number()
        else: gold, said = (" ".join(R.choice(words) for _ in range(R.randint(1, 9))) for _ in range(2))
        reply = R.choice(shells).format(said)
        accuracy = space["accuracy_reward"]([[{"content": reply}]], [f"<answer>{gold}</answer>"], problem_type=[kind])[0]
        rows.append({"type": kind, "truth": f"<answer>{gold}</answer>", "completion": reply, "accuracy": accuracy, "format": space["format_reward"]([[{"content": reply}]])[0]})
    write("video_r1.json", rows)


def open_o3():
    import ast as ast_, numpy as np
    names = {"parse_temporal_spatial_reasoning_process", "convert_coord_format", "convert_coord_format_gqa", "calculate_iou", "thk_temporal_segment_reward", "thk_temporal_point_reward", "thk_spatial_reward", "ans_tiou_reward"}
    space = functions(os.environ["OPEN_O3"], "src/r1-v/src/open_r1/reward_func.py", names, {"np": np, "ast": ast_, "datetime": __import__("datetime").datetime, "print": lambda *a: None})
    rows = []
    for i in range(200):
        # halves and quarters: boxes are shares of a picture of 64 by 64, exact in both forms
        q = lambda: R.randint(0, 31)
        box = lambda: (lambda x, y: [x, y, x + 1 + q(), y + 1 + q()])(q(), q())
        keys = [{"time": R.randint(0, 40) / 4, "idx": k, "boxes": [box() for _ in range(R.randint(1, 3))]} for k in range(R.randint(1, 4))]
        def claim():
            key = R.choice(keys); near = [v + R.randint(-3, 3) for v in R.choice(key["boxes"])]; near[2:] = [max(a + 1, b) for a, b in zip(near, near[2:])]
            t = key["time"] + R.choice([0, 0, .25, -.5, 1, -1, 2, -2, 5])
            return f"<obj>thing</obj>" + "".join(f"<box>{json.dumps(b)}</box>" for b in [near] + [box()] * R.randint(0, 1)) + f"at<t>{max(t, 0)}</t>s"
        thoughts = " then ".join([claim() for _ in range(R.randint(0, 4))] + [f"at <t>{R.randint(0, 40) / 4}</t>s"] * R.randint(0, 2))
        reply = f"<think>{thoughts}</think><answer>a thing</answer>"; progress = R.choice([0, .2, .5, .74, .75, .9])
        done = [[{"content": reply}]]; task = ["temporal-spatial free-form QA"]
        more = {"task": task, "step_percent": [progress], "key_frames": [[{"time": k["time"], "idx": k["idx"]} for k in keys]], "image_size": [[64, 64]],
                "key_items": [{str(k["idx"]): {f"o{n}": [[v / 64 for v in b]] for n, b in enumerate(k["boxes"])} for k in keys}]}
        start = R.randint(0, 20) / 2; window = [start, start + R.randint(1, 20) / 2]; temporal = {"task": ["temporal QA"], "answer": [str(window)]}
        ends = [R.randint(0, 40) / 2, R.randint(0, 40) / 2]; said = f"<think>{thoughts}</think><answer><t>{ends[0]}</t>s to <t>{ends[1]}</t>s</answer>"
        rows.append({"completion": reply, "progress": progress, "key_frames": [{"time": k["time"], "boxes": k["boxes"]} for k in keys], "point": float(space["thk_temporal_point_reward"](done, **more)[0]), "spatial": float(space["thk_spatial_reward"](done, **more)[0]),
                     "window": window, "temporal": said, "segment": space["thk_temporal_segment_reward"]([[{"content": said}]], **temporal)[0], "tiou": space["ans_tiou_reward"]([[{"content": said}]], [str(window)], task=["temporal QA"])[0]})
    write("open_o3.json", rows)


def advantages():
    """torch's few functions that these lines use, on NumPy in double precision: no tensor library is installed for three means."""
    import numpy as np, types
    from collections import defaultdict
    class T(np.ndarray):
        def sum(self, dim=None, **k): return np.asarray(self).sum(axis=dim if dim is not None else k.get("axis")).view(T) if (dim is not None or k.get("axis") is not None) else np.asarray(self).sum()
        def unsqueeze(self, d): return np.expand_dims(self, d).view(T)
        def clone(self): return self.copy()
        def to(self, *_): return self
        def float(self): return self
        def clamp(self, lo, hi): return np.clip(self, lo, hi)
        def exp(self): return np.exp(self)
        def abs(self): return np.abs(self)
        def square(self): return self * self
        def contiguous(self): return self
        def numel(self): return self.size
        def tolist(self): return np.asarray(self).tolist()
        def mean(self, *a, **k): return np.asarray(self).mean()
        def pow(self, n): return self ** n
        def detach(self): return self
        def item(self): return np.asarray(self).item()
        def __array_wrap__(self, a, *_): return a.view(T) if a.ndim else T((), buffer=np.array(a, dtype=float))
        device = None
    t = lambda v: np.array([float(x) for x in v] if isinstance(v, list) else v, dtype=float).view(T)
    std = lambda x, unbiased=True: np.float64(np.std(np.asarray(x), ddof=1 if unbiased else 0))
    torch = types.SimpleNamespace(tensor=t, mean=lambda x: float(np.mean(np.asarray(x))), std=std, sum=lambda x: float(np.sum(np.asarray(x))), clamp=lambda x, min=None, max=None: np.clip(x, min, max), abs=np.abs, any=np.any, is_tensor=lambda x: False, is_floating_point=lambda x: True, no_grad=lambda: (lambda f: f), zeros_like=np.zeros_like, Tensor=object, FloatTensor=object)
    more = {"torch": torch, "np": np, "defaultdict": defaultdict, "register_adv_estimator": lambda *_: (lambda f: f), "AdvantageEstimator": types.SimpleNamespace(GRPO=0, RLOO=0, EMA_GRPO=0), "Literal": typing.Literal, "F": None}
    easy = functions(os.environ["EASYR1"], "verl/trainer/core_algos.py", {"compute_grpo_outcome_advantage", "compute_rloo_outcome_advantage", "compute_kl"}, more)
    one = functions(os.environ["ONETHINKER"], "EasyR1/verl/trainer/core_algos.py", {"compute_ema_grpo_outcome_advantage", "_EmaStdTracker", "_EMA_STD_TRACKER"}, more | {"print": lambda *a, **k: None})
    one["_EmaStdTracker"].log_means_and_stds = lambda *a, **k: None
    rows = []
    for i in range(60):
        groups = [[round(R.choice([R.random(), float(R.randint(0, 1))]), 3) for _ in range(R.randint(2, 8))] for _ in range(R.randint(1, 5))]
        # a group of equal rewards has deviation 0 there and here
        if i % 6 == 0: groups[0] = [1.0] * 4
        flat = [r for g in groups for r in g]; index = [k for k, g in enumerate(groups) for _ in g]; tasks = [R.choice(["a", "b"]) for _ in groups]
        run = lambda f, **k: [float(v) for v in np.asarray(f(np.array(flat)[:, None].view(T).copy(), response_mask=np.ones((len(flat), 1)).view(T), index=index, **k)[0])[:, 0]]
        one["_EMA_STD_TRACKER"] = one["_EmaStdTracker"]()
        one["compute_ema_grpo_outcome_advantage"].__globals__["_EMA_STD_TRACKER"] = one["_EMA_STD_TRACKER"]
        ema = run(one["compute_ema_grpo_outcome_advantage"], problem_type=[tasks[k] for k in index])
        ema2 = run(one["compute_ema_grpo_outcome_advantage"], problem_type=[tasks[k] for k in index])
        d = R.uniform(-30, 30) if i % 9 == 0 else R.uniform(-2, 2)
        kl = {k: float(np.asarray(easy["compute_kl"](t([d]), t([0.0]), k))[0]) for k in ("kl", "abs", "mse", "low_var_kl")}
        rows.append({"groups": groups, "tasks": tasks, "grpo": run(easy["compute_grpo_outcome_advantage"]), "rloo": run(easy["compute_rloo_outcome_advantage"]), "ema": ema, "ema_again": ema2, "d": d, "kl": kl})
    write("advantages.json", rows)


if __name__ == "__main__":
    rouge()
    for name, make in (("ONETHINKER", onethinker), ("VLA_R1", vla), ("TIME_R1", dates), ("VIDEO_R1", video_r1), ("OPEN_O3", open_o3), ("EASYR1", advantages)):
        make() if os.environ.get(name) else print(name, "is not set: left as it is")
