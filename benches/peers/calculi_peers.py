#!/usr/bin/env python3
"""Qualitative calculi beside QSRlib, qualreas, Rekall and pyastar2d, on the same inputs, with the answers compared.

    python3 -m venv VENV && VENV/bin/pip install networkx bitsets numpy rekallpy pyastar2d
    cargo build --release -p chronotope-reason --example calculi_peer
    VENV/bin/python benches/peers/calculi_peers.py [qualreas|qsrlib|rekall|pyastar]

$QUALREAS_DIR: a checkout of alreich/qualreas. $QSRLIB_DIR: one of strands-project/strands_qsr_lib, run by $QSRLIB_PYTHON (Python 2.7 with
numpy). Each is left out where its variable is not set. They are imported and run; nothing of them is kept here. Times are CPU seconds.
Ours: $CALCULI_PEER (default the release build). One line of JSON for each peer.
"""
import json, os, random, re, resource, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
OURS = os.environ.get("CALCULI_PEER", os.path.join(TARGET, "release", "examples", "calculi_peer"))
ALLEN = {"=": "E", "<": "B", ">": "BI", "d": "D", "di": "DI", "o": "O", "oi": "OI", "m": "M", "mi": "MI", "s": "S", "si": "SI", "f": "F", "fi": "FI"}
RCC8 = {r: r.upper() for r in ("dc", "ec", "po", "tpp", "ntpp", "tppi", "ntppi", "eq")}


def cpu():
    c = resource.getrusage(resource.RUSAGE_CHILDREN)
    return c.ru_utime + c.ru_stime


def ours(arguments, text="", times=1):
    """Output once, and CPU seconds of one time: median of five differences between many times and one."""
    run = lambda n: subprocess.run([OURS, arguments, str(n)], input=text, capture_output=True, text=True, check=True).stdout
    spent = []
    for _ in range(5):
        a = cpu(); out = run(1); b = cpu(); run(1 + times); spent.append((cpu() - b - (b - a)) / times)
    return out, statistics.median(spent)


def networks(calculus, sizes, seed):
    """Consistent ones, drawn from a model and blurred, and some with random constraints."""
    r = random.Random(seed); names = sorted(ALLEN if calculus == "allen" else RCC8); out = []
    for n in sizes:
        for kind in ("model", "random"):
            E = []
            ends = [sorted(r.sample(range(3 * n), 2)) for _ in range(n)]
            for i in range(n):
                for j in range(i + 1, n):
                    if r.random() > 0.35: continue
                    (a, b), (c, d) = ends[i], ends[j]
                    if calculus == "allen":
                        true = {(1, 1): ">", (-1, -1): "<"}.get(((a > d) - (a < d), (b > c) - (b < c)))
                        if a > d: true = ">"
                        elif b < c: true = "<"
                        elif b == c: true = "m"
                        elif a == d: true = "mi"
                        else: true = {(0, 0): "=", (0, -1): "s", (0, 1): "si", (1, 0): "f", (-1, 0): "fi", (1, -1): "d", (-1, 1): "di", (-1, -1): "o", (1, 1): "oi"}[((a > c) - (a < c), (b > d) - (b < d))]
                    else:
                        x, y, p, q = a, b, c, d
                        if y < p or q < x: true = "dc"
                        elif y == p or q == x: true = "ec"
                        elif (x, y) == (p, q): true = "eq"
                        elif p <= x and y <= q: true = "tpp" if p == x or y == q else "ntpp"
                        elif x <= p and q <= y: true = "tppi" if p == x or y == q else "ntppi"
                        else: true = "po"
                    S = set(r.sample(names, r.randint(0, 3)))
                    if kind == "model" or not S: S.add(true)
                    E.append((i, j, sorted(S)))
            out.append((n, E))
    return out


def qualreas():
    sys.path.insert(0, os.path.join(os.environ["QUALREAS_DIR"], "src"))
    import qualreas as qr
    folder = os.path.join(os.environ["QUALREAS_DIR"], "Algebras")
    for calculus, file, entity, names, sizes in (("allen", "Linear_Interval_Algebra.json", "ProperInterval", ALLEN, (6, 8, 10, 14, 20, 30)), ("rcc8", "RCC8_Algebra.json", "Region", RCC8, (6, 8, 10, 14, 20, 30))):
        algebra = qr.Algebra(os.path.join(folder, file)); nets = networks(calculus, sizes, 7)
        text = "".join(f"{calculus} {n}\n" + "".join(f"{i} {j} {' '.join(S)}\n" for i, j, S in E) + "end\n" for n, E in nets)
        out, spent = ours("close", text, 200)
        same, differ, theirs_s, consistent = 0, [], 0.0, 0
        back = {v: k for k, v in names.items()}
        for (n, E), line in zip(nets, out.splitlines()):
            d = {"name": "n", "description": "", "nodes": [[str(i), [entity]] for i in range(n)], "edges": [[str(i), str(j), "|".join(names[x] for x in S)] for i, j, S in E]}
            net = qr.Network(algebra=algebra, network_dict=d)
            t = time.process_time(); ok = net.propagate(); theirs_s += time.process_time() - t
            if ok:
                nodes = {nd.name: nd for nd in net.nodes()}
                # a node without constraints is not kept there: anything
                known = lambda i, j: str(net.edges[nodes[str(i)], nodes[str(j)]]["constraint"]).split("|") if str(i) in nodes and str(j) in nodes else names.values()
                cell = lambda i, j: "|".join(sorted(back[x] for x in known(i, j)))
                ok = " ".join(cell(i, j) for i in range(n) for j in range(n) if i != j); consistent += 1
            else: ok = "no"
            if ok == line: same += 1
            else: differ.append(n)
        print(json.dumps({"peer": "qualreas", "calculus": calculus, "networks": len(nets), "path_consistent": consistent, "same_closure": same, "differ": differ, "theirs_cpu_s": round(theirs_s, 3), "ours_cpu_s": round(spent, 6), "ratio": round(theirs_s / max(spent, 1e-9))}), flush=True)


QSRLIB = r'''
from __future__ import print_function
import json, math, os, sys, time, types
# only activity graphs need it
sys.modules["igraph"] = types.ModuleType("igraph"); sys.modules["igraph"].Graph = sys.modules["igraph"].plot = None
sys.path.insert(0, os.path.join(os.environ["QSRLIB_DIR"], "qsr_lib", "src"))
from qsrlib.qsrlib import QSRlib, QSRlib_Request_Message
from qsrlib_io.world_trace import Object_State, World_Trace
w = World_Trace()
for i in range(20):
    w.add_object_state_series([Object_State(name="o%d" % i, timestamp=t, x=50 + 40 * math.sin(.05 * t + i), y=50 + 40 * math.cos(.07 * t + 2 * i), xsize=10., ysize=8.) for t in range(100)])
lib = QSRlib(); out = {}
for q in ("rcc8", "cardir", "qtcbs"):
    c = time.clock()
    r = lib.request_qsrs(QSRlib_Request_Message(which_qsr=q, input_data=w, dynamic_args={"qtcbs": {"quantisation_factor": .01, "validate": False, "no_collapse": True}}))
    spent = time.clock() - c; counts = {}
    for t in r.qsrs.get_sorted_timestamps():
        for key, value in r.qsrs.trace[t].qsrs.items():
            for label in value.qsr.values():
                counts[label] = counts.get(label, 0) + 1
    out[q] = {"cpu_s": spent, "counts": counts}
print(json.dumps(out))
'''


def qsrlib():
    run = subprocess.run([os.environ.get("QSRLIB_PYTHON", "python2.7"), "-c", QSRLIB], capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    if run.returncode: sys.exit(run.stderr[-2000:])
    theirs = json.loads(run.stdout.splitlines()[-1])
    out, _ = ours("extract"); _, spent = ours("extract", times=300)
    mine = {}
    for line in out.splitlines():
        kind, label, count = line.split(); mine.setdefault(kind, {})[label] = int(count)
    total = 0
    for kind, found in theirs.items():
        counts = {}
        for label, count in found["counts"].items(): counts[label] = counts.get(label, 0) + count
        n = sum(counts.values()); total += n
        # QSRlib relates each pair one way for symmetric or all ways, as it has it
        print(json.dumps({"peer": "QSRlib", "calculus": kind, "relations": n, "theirs_per_cpu_s": round(n / found["cpu_s"]), "same_counts": counts == mine.get(kind), "theirs": dict(sorted(counts.items())), "ours": mine.get(kind)}), flush=True)
    n = sum(sum(c.values()) for c in mine.values())
    print(json.dumps({"peer": "QSRlib", "calculus": "all three", "relations": n, "ours_cpu_s": round(spent, 6), "ours_per_cpu_s": round(n / spent)}), flush=True)


def rekall():
    import numpy as np
    from rekall import Interval, IntervalSet, Bounds3D
    from rekall.predicates import overlaps
    r = np.random.default_rng(2); N = 2000
    mk = lambda: list(zip(r.integers(0, 3600 * 10**9, N).tolist(), r.integers(5 * 10**8, 8 * 10**9, N).tolist()))
    lists = [[(s, s + l) for s, l in mk()] for _ in range(2)]
    # nanoseconds, as whole numbers in floats: exact below 2^53
    a, b = (IntervalSet([Interval(Bounds3D(t1=float(s), t2=float(e)), payload=None) for s, e in one]) for one in lists); c = time.process_time()
    j = a.join(b, predicate=overlaps(), merge_op=lambda x, y: Interval(x["bounds"], payload=None), window=60e9)
    theirs = time.process_time() - c
    text = "\n\n".join("\n".join(f"{s} {e}" for s, e in one) for one in lists)
    found, mine = ours("join", text, 1000)
    print(json.dumps({"peer": "rekall", "task": "overlap join 2,000 x 2,000", "pairs": j.size(), "equal": int(found) == j.size(), "theirs_cpu_s": round(theirs, 3), "ours_cpu_s": round(mine, 6)}), flush=True)


def pyastar():
    import numpy as np, pyastar2d
    n = 512; walls = np.random.default_rng(3).random((n, n)) < .2; walls[0, 0] = walls[-1, -1] = False
    for name, grid in (("empty", np.zeros((n, n), bool)), ("a fifth blocked", walls)):
        weights = np.where(grid, np.inf, 1).astype(np.float32); spent = []
        for _ in range(9):
            c = time.process_time(); path = pyastar2d.astar_path(weights, (0, 0), (n - 1, n - 1), allow_diagonal=False); spent.append(time.process_time() - c)
        found, mine = ours("route", "\n".join("".join(".#"[int(c)] for c in row) for row in grid), 200)
        print(json.dumps({"peer": "pyastar2d", "task": f"512 x 512, {name}, corner to corner, four-connected", "steps": len(path) - 1, "equal": int(found) == len(path) - 1, "theirs_cpu_s": round(statistics.median(spent), 6), "ours_cpu_s": round(mine, 6)}), flush=True)


asked = sys.argv[1:] or ["qualreas", "qsrlib", "rekall", "pyastar"]
if "qualreas" in asked and os.environ.get("QUALREAS_DIR"): qualreas()
if "qsrlib" in asked and os.environ.get("QSRLIB_DIR"): qsrlib()
if "rekall" in asked: rekall()
if "pyastar" in asked: pyastar()
