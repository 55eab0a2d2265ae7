#!/usr/bin/env python3
"""Rewards from Python: how many completions a CPU-second in batch, that the time is linear in their length, and how long the import takes.

    make python && python3 -m venv VENV && VENV/bin/pip install $CARGO_TARGET_DIR/wheels/chronotope-*.whl rouge-score
    PEERS_DATA=FOLDER VENV/bin/python benches/peers/python_rewards.py [speed|linear|import]...

The mix is that of ../shared/peers/grpo_reward.py (Video-R1's format and accuracy over options, numbers, intervals and free text); the plain
Python beside it is that file as it stands, in the same run, and the sums of both sides have to agree. CPU time is that of all threads; every
figure is the median of several runs. One JSON line a part.
"""
import json, math, os, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.environ.get("PEERS", os.path.join(HERE, "../../../shared/peers"))
sys.path.insert(0, PEERS)
import common  # noqa: E402 (theirs)

import chronotope as ct  # noqa: E402


def cpu(work, n=7):
    """Median CPU-seconds of all threads, and median wall seconds, and what came."""
    work()
    cpus, walls, out = [], [], None
    for _ in range(n):
        c, w = time.process_time(), time.perf_counter()
        out = work()
        cpus.append(time.process_time() - c)
        walls.append(time.perf_counter() - w)
    return statistics.median(cpus), statistics.median(walls), out


def speed():
    path = os.path.join(common.DATA, "completions.jsonl")
    if not os.path.exists(path):
        import gen_inputs

        gen_inputs.completions()
    rows = [json.loads(line) for line in open(path)]
    n = len(rows)
    said, truths, types = ([row[name] for row in rows] for name in ("completion", "solution", "type"))
    # the peer gives free text nothing where it has no ROUGE
    marked = [i for i in range(n) if types[i] != "free-form"]
    short = [[column[i] for i in marked] for column in (said, truths, types)]

    free = [said[i] for i in range(n) if types[i] == "free-form"]

    # format and accuracy of one reading, as the peer's one function has them
    def without_rouge():
        return float(ct.rewards("video-r1", short[0], short[1], problem_types=short[2]).sum() + ct.rewards("format", free).sum())

    # as two reward functions of a trainer
    def in_two_calls():
        return float(ct.rewards("format", said).sum() + ct.rewards("accuracy", short[0], short[1], problem_types=short[2]).sum())

    def with_rouge():
        return float(ct.rewards("video-r1", said, truths, problem_types=types).sum())

    ours = {"rows": n, "cores": os.cpu_count()}
    for name, work in (("without_rouge", without_rouge), ("without_rouge_in_two_calls", in_two_calls), ("with_rouge", with_rouge)):
        seconds, wall, total = cpu(work, 25)
        ours[name] = {"per_cpu_s": round(n / seconds), "per_s": round(n / wall), "sum": total}
    # what reading the texts out of Python costs alone: the shortest rule there is over the same rows
    for name, work in (
        ("format", lambda: ct.rewards("format", said)),
        ("format_of_empty_texts", lambda: ct.rewards("format", [""] * n)),
    ):
        seconds, _, _ = cpu(work)
        ours[name] = {"per_cpu_s": round(n / seconds)}
    one = cpu(lambda: [ct.rewards("video-r1", [said[i]], [truths[i]], problem_types=[types[i]]) for i in range(1000)])
    ours["one_call_a_completion_with_rouge"] = {"per_cpu_s": round(1000 / one[0])}
    print(json.dumps({"ours": ours}), flush=True)
    theirs = subprocess.run([sys.executable, "grpo_reward.py"], cwd=PEERS, check=True, capture_output=True, text=True)
    theirs = json.loads(theirs.stdout.splitlines()[-1])
    print(json.dumps({"python": theirs["figures"]}))
    for name, key in (("without_rouge", "sum_no_rouge"), ("with_rouge", "sum_rouge")):
        a, b = ours[name]["sum"], theirs["answers"].get(key)
        print(key, a, b, "not run (no rouge-score here)" if b is None else "agree" if abs(a - b) < 1e-3 else "DIFFER")


TRICKS = {
    "blanks after an unclosed tag": lambda n: "<answer>" + " " * n,
    "blanks in an answer": lambda n: "<think>t</think><answer>" + " " * n + "</answer>",
    "an opened tag again and again": lambda n: "<answer>" * (n // 8),
    "answers again and again": lambda n: "<answer>B</answer>" * (n // 18),
    "nested tags": lambda n: "<think><answer>" * (n // 31) + "</answer></think>" * (n // 31),
    "thoughts again, then words": lambda n: "<think>" * 400 + "x " * (n // 2),
    "closed thoughts with blanks": lambda n: "<think>" + "</think>   " * (n // 11) + "<answer>B</answer>",
    "angle brackets": lambda n: "<" * n,
    "digits": lambda n: "<think>t</think><answer>" + "7" * n + "</answer>",
    "numbers": lambda n: "<think>t</think><answer>" + "3.5, " * (n // 5) + "</answer>",
    "words": lambda n: "<think>" + "red cup " * (n // 8) + "</think><answer>" + "red cup " * (n // 8) + "</answer>",
    "times and boxes": lambda n: "<think>" + "<t>3</t><box>[1, 2, 3, 4]</box>at 3 s " * (n // 38) + "</think><answer>B</answer>",
    "open brackets": lambda n: "<think>t</think><answer>" + "[" * n + "</answer>",
}


def linear():
    """Doubling lengths up to 1 MB: the accuracy and format of every trick, then every rule on every trick with its own example's row."""
    lengths = [1 << k for k in range(16, 21)]
    table = {}
    for trick, make in TRICKS.items():
        texts = [make(n) for n in lengths]
        seconds = [cpu(lambda: ct.rewards("video-r1", [text], ["<answer>B</answer>"], problem_types=["multiple choice"]), 3)[0] for text in texts]
        table[trick] = [round(1e3 * s, 3) for s in seconds]
    print(json.dumps({"rule": "video-r1", "bytes": lengths, "cpu_ms": table}), flush=True)
    worst = []
    for row in ct.catalogue("rewards"):
        example = json.loads(row["example"])
        # a rollout in turns is judged by its last one too
        for trick, make in TRICKS.items():
            def once(n):
                text = make(n)
                answer, kind = [example.get("answer")], [example.get("problem_type", "")]
                begun = time.process_time()
                ct.rewards(row["name"], [text], answer, problem_types=kind, contexts=[example.get("context") or {}])
                return time.process_time() - begun

            small, large = min(once(1 << 17) for _ in range(3)), min(once(1 << 20) for _ in range(2))
            worst.append((large, row["name"], trick, math.log2(max(large, 1e-6) / max(small, 1e-6)) / 3))
    worst.sort(reverse=True)
    steep = sorted((row for row in worst if row[0] > 0.02), key=lambda row: -row[3])
    shown = lambda rows: [{"rule": r, "trick": t, "cpu_s_of_1_mib": round(s, 4), "grows_as_length_to_the": round(e, 2)} for s, r, t, e in rows]
    print(json.dumps({"rules": len({row[1] for row in worst}), "tricks": len(TRICKS), "slowest": shown(worst[:8]), "steepest": shown(steep[:8])}))


def imported():
    """Milliseconds of `import chronotope` beyond the interpreter's own start."""
    def run(code):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - begun

    def median(code):
        return statistics.median(run(code) for _ in range(15))

    print(json.dumps({"import_ms": round(1e3 * (median("import chronotope") - median("pass")), 1)}))


if __name__ == "__main__":
    parts = {"speed": speed, "linear": linear, "import": imported}
    for name in sys.argv[1:] or parts:
        parts[name]()
