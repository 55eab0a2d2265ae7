#!/usr/bin/env python3
"""`chronotope score` beside TrackEval, py-motmetrics, evo and davis2017-evaluation, on the same files: CPU seconds and values.

    python3 -m venv VENV && VENV/bin/pip install trackeval motmetrics pycocotools evo opencv-python-headless scikit-image scipy tqdm
    PEERS_DATA=FOLDER python ../shared/peers/gen_inputs.py
    cargo build --release --bin chronotope
    PEERS_DATA=FOLDER DAVIS2017_DIR=CHECKOUT CHRONOTOPE=PROGRAM VENV/bin/python benches/peers/score_speed.py

Ours is the whole command, reading and interval included; theirs is the work inside a Python that has imported everything. One JSON line a task.
"""
import contextlib, io, json, os, resource, statistics, subprocess, sys, tempfile, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
for a, b in (("float", float), ("int", int), ("bool", bool)):
    if not hasattr(np, a): setattr(np, a, b)
if not hasattr(np, "asfarray"): np.asfarray = lambda a, dtype=float: np.asarray(a, dtype=dtype)
HERE = os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0, HERE)
import score_golden as golden
DATA = os.environ["PEERS_DATA"]; OURS = os.environ.get("CHRONOTOPE", "chronotope"); TMP = tempfile.mkdtemp(prefix="score-")
at = lambda name: os.path.join(DATA, name)


def cpu(who): u = resource.getrusage(who); return u.ru_utime + u.ru_stime


def ours(metric, truth, said, n=5):
    times = []
    for _ in range(n):
        before = cpu(resource.RUSAGE_CHILDREN)
        out = subprocess.run([OURS, "-q", "score", metric, "--truth", truth, "--pred", said, "--json"], check=True, capture_output=True).stdout
        times.append(cpu(resource.RUSAGE_CHILDREN) - before)
    return statistics.median(times), json.loads(out)["overall"]


def theirs(work, n=3):
    times = []
    for _ in range(n):
        before = cpu(resource.RUSAGE_SELF); value = work(); times.append(cpu(resource.RUSAGE_SELF) - before)
    return statistics.median(times), value


def row(task, mine, others, names):
    (t, v) = mine
    out = {"task": task, "ours_cpu_s": round(t, 4)}
    for peer, ((s, w), keys) in others.items():
        out[f"{peer}_cpu_s"] = round(s, 4)
        out[f"{peer}_differs"] = max(abs(v[k] - w[k]) / max(1, abs(w[k])) for k in keys)
    print(json.dumps(out | {k: v[k] for k in names}), flush=True)


def boxes(name):
    rows = [l.split(",") for l in open(name) if l.strip()]
    return [(int(float(r[0])), int(float(r[1])), *map(float, r[2:6])) for r in rows]


def tracking(gt, said):
    import trackeval, motmetrics as mm
    M = {m: getattr(trackeval.metrics, m)({"THRESHOLD": .5, "PRINT_CONFIG": False}) for m in ("HOTA", "CLEAR", "Identity")}

    def te():
        d = fast_data(boxes(gt), boxes(said))
        return golden.trackeval_values({m: M[m].eval_sequence(d) for m in M})

    def motm():
        G, H = mm.io.loadtxt(gt, fmt="mot15-2D", min_confidence=1), mm.io.loadtxt(said, fmt="mot15-2D")
        s = mm.metrics.create().compute(mm.utils.compare_to_groundtruth(G, H, "iou", distth=.5), metrics=["mota", "idf1"], name="s").iloc[0]
        return {"MOTA": float(s["mota"]), "IDF1": float(s["idf1"])}
    row("HOTA + CLEAR + IDF1, 1,000 pictures x 50", ours("mot", gt, said),
        {"trackeval": (theirs(te), ("HOTA", "DetA", "AssA", "MOTA", "IDF1", "MOTP")), "motmetrics": (theirs(motm, 1), ("MOTA", "IDF1"))}, ("HOTA", "MOTA", "IDF1"))


def fast_data(gt, said):
    """As golden.trackeval_data, grouped once: the peer's time is its own."""
    from collections import defaultdict
    from trackeval.datasets._base_dataset import _BaseDataset
    G, T = defaultdict(list), defaultdict(list)
    for r in gt: G[r[0]].append(r)
    for r in said: T[r[0]].append(r)
    gi = {v: i for i, v in enumerate(sorted({r[1] for r in gt}))}; ti = {v: i for i, v in enumerate(sorted({r[1] for r in said}))}
    frames = sorted(set(G) | set(T)); box = lambda rows: np.array([r[2:6] for r in rows], dtype=float).reshape(-1, 4)
    return {"num_timesteps": len(frames), "gt_ids": [np.array([gi[r[1]] for r in G[f]], dtype=int) for f in frames], "tracker_ids": [np.array([ti[r[1]] for r in T[f]], dtype=int) for f in frames],
            "similarity_scores": [_BaseDataset._calculate_box_ious(box(G[f]), box(T[f]), box_format="xywh") for f in frames],
            "num_gt_dets": len(gt), "num_tracker_dets": len(said), "num_gt_ids": len(gi), "num_tracker_ids": len(ti)}


def paths(ref, est):
    import copy
    from evo.core import metrics, sync
    from evo.tools import file_interface as fi

    def work(make, align, scale):
        r, e = sync.associate_trajectories(fi.read_tum_trajectory_file(ref), fi.read_tum_trajectory_file(est), max_diff=.01)
        if align: e.align(r, correct_scale=scale)
        m = make(); m.process_data((r, e)); return {k: float(v) for k, v in m.get_all_statistics().items()}
    R = metrics.PoseRelation
    for name, make, align, scale in (("ate", lambda: metrics.APE(R.translation_part), 1, 0), ("ate-sim3", lambda: metrics.APE(R.translation_part), 1, 1), ("rpe", lambda: metrics.RPE(R.translation_part, 1, metrics.Unit.frames), 0, 0)):
        row(f"{name}, 5,000 poses", ours(name, ref, est), {"evo": (theirs(lambda: work(make, align, scale)), ("rmse", "mean", "max"))}, ("rmse",))


def masks():
    sys.path.insert(0, os.environ["DAVIS2017_DIR"])
    from davis2017.metrics import db_eval_boundary, db_eval_iou
    from pycocotools import mask as M
    z = np.load(at("masks.npz")); G, P = z["gt"], z["dt"]

    def put(name, all_):
        rles = [M.encode(np.asfortranarray(m)) for m in all_]
        with open(os.path.join(TMP, name), "w") as f:
            f.write(json.dumps({"id": 1, "masks": [{"size": r["size"], "counts": r["counts"].decode()} for r in rles]}) + "\n")
        return os.path.join(TMP, name)
    truth, said = put("gt.jsonl", G), put("dt.jsonl", P)
    work = lambda: {"J_mean": float(np.mean(db_eval_iou(G, P))), "F_mean": float(np.mean(db_eval_boundary(G, P)))}
    row("J and F, 100 masks of 854 x 480", ours("j-and-f", truth, said), {"davis": (theirs(work), ("J_mean", "F_mean"))}, ("J_mean", "F_mean"))


with contextlib.redirect_stderr(io.StringIO()):
    tracking(at("mot_gt.txt"), at("mot_hyp.txt")); paths(at("tum_ref.txt"), at("tum_est.txt")); masks()
