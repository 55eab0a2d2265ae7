#!/usr/bin/env python3
"""Trackers against their reference implementations on the same detections, scored by others' scorers.

    python3 -m venv VENV && VENV/bin/pip install trackeval trackers "supervision<0.28" filterpy lapx numba shapely munkres
    cargo build --release -p chronotope-perceive --example track_file
    VENV/bin/python benches/peers/track_peers.py [2d|kitti|kitti-2d|speed]

Data: $CHRONOTOPE_DATA (default ../shared/data). Checkouts of the papers' code, each left out where its variable is not set:
$SORT_DIR (abewley/sort), $OCSORT_DIR (noahcao/OC_SORT, its folder `trackers`), $BYTETRACK_DIR (ifzhang/ByteTrack),
$AB3DMOT_DIR (xinshuoweng/AB3DMOT, which also scores KITTI). They are imported and run; nothing of them is kept here.
Inputs of `speed`: $PEERS_DATA, made by ../shared/peers/gen_inputs.py. Our program: $TRACK_FILE (default the release build).
"""
import contextlib, gzip, io, json, os, subprocess, sys, tempfile, time, types, warnings
warnings.filterwarnings("ignore"); os.environ["NUMBA_DISABLE_JIT"] = "1"
import numpy as np

for a, b in (("float", float), ("int", int), ("bool", bool)):
    if not hasattr(np, a): setattr(np, a, b)
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DATA = os.environ.get("CHRONOTOPE_DATA", os.path.join(os.path.dirname(ROOT), "shared", "data"))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
OURS = os.environ.get("TRACK_FILE", os.path.join(TARGET, "release", "examples", "track_file"))
TMP = tempfile.mkdtemp(prefix="trackers-")


def stub(name, **members):
    m = types.ModuleType(name); m.__dict__.update(members); sys.modules[name] = m


# ---------------------------------------------------------------- reference trackers: step(boxes with score) -> rows x1 y1 x2 y2 id

def ref_sort(rate):
    for n in ("matplotlib", "matplotlib.pyplot", "matplotlib.patches", "skimage"): stub(n)
    stub("matplotlib", use=lambda *_: None); stub("skimage.io"); sys.modules["skimage"].io = sys.modules["skimage.io"]
    sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]; sys.modules["matplotlib"].patches = sys.modules["matplotlib.patches"]
    sys.path.insert(0, os.environ["SORT_DIR"]); import sort
    for n in ("matplotlib", "matplotlib.pyplot", "matplotlib.patches", "skimage", "skimage.io"): sys.modules.pop(n, None)
    sort.KalmanBoxTracker.count = 0; t = sort.Sort()
    return lambda b: t.update(b)


def ref_ocsort(rate):
    sys.path.insert(0, os.environ["OCSORT_DIR"]); from ocsort_tracker.ocsort import OCSort
    t = OCSort(det_thresh=.5, iou_threshold=.3)
    return lambda b: t.update(b.copy(), (1, 1), (1, 1))


def ref_bytetrack(rate):
    def overlaps(a, b):
        if len(a) == 0 or len(b) == 0: return np.zeros((len(a), len(b)))
        w = np.clip(np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0]), 0, None)
        h = np.clip(np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1]), 0, None)
        area = lambda x: (x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1]); i = w * h
        return i / (area(a)[:, None] + area(b)[None] - i)
    stub("cython_bbox", bbox_overlaps=overlaps); stub("cv2")
    stub("torch"); stub("torch.nn"); stub("torch.nn.functional"); sys.modules["torch"].nn = sys.modules["torch.nn"]; sys.modules["torch.nn"].functional = sys.modules["torch.nn.functional"]
    sys.path.insert(0, os.environ["BYTETRACK_DIR"])
    from yolox.tracker.byte_tracker import BYTETracker
    from yolox.tracker.basetrack import BaseTrack
    for n in ("cv2", "torch", "torch.nn", "torch.nn.functional"): sys.modules.pop(n, None)
    BaseTrack._count = 0
    t = BYTETracker(types.SimpleNamespace(track_thresh=.6, track_buffer=30, match_thresh=.9, mot20=False), frame_rate=rate)
    return lambda b: [[*s.tlbr, s.track_id] for s in t.update(b.copy(), (1, 1), (1, 1))]


def roboflow(cls, **kw):
    def make(rate):
        import supervision as sv, trackers as T
        t = getattr(T, cls)(**kw)
        def step(b):
            o = t.update(sv.Detections(xyxy=b[:, :4].astype(np.float32), confidence=b[:, 4].astype(np.float32), class_id=np.zeros(len(b), int)))
            ids = o.tracker_id if o.tracker_id is not None else []
            return [[*x, i] for x, i in zip(o.xyxy, ids) if i >= 0]
        return step
    return make


REFERENCES = {"sort": [("abewley/sort", "SORT_DIR", ref_sort), ("roboflow SORT", None, roboflow("SORTTracker"))],
              "byte-track": [("ifzhang/ByteTrack", "BYTETRACK_DIR", ref_bytetrack), ("roboflow ByteTrack", None, roboflow("ByteTrackTracker"))],
              "oc-sort": [("noahcao/OC_SORT", "OCSORT_DIR", ref_ocsort), ("roboflow OC-SORT", None, roboflow("OCSORTTracker"))]}


def run_reference(make, rate, det, out):
    d = np.loadtxt(det, delimiter=","); step = make(rate)
    with open(out, "w") as f:
        for k in range(1, int(d[:, 0].max()) + 1):
            b = d[d[:, 0] == k][:, 2:7].copy(); b[:, 2:4] += b[:, :2]
            for r in step(b):
                f.write(f"{k},{int(r[4])},{r[0]:.3f},{r[1]:.3f},{r[2] - r[0]:.3f},{r[3] - r[1]:.3f},1,-1,-1,-1\n")


# ---------------------------------------------------------------- TrackEval

def score(gt, tracks, only=None):
    """HOTA, CLEAR and identity of a MOTChallenge file; `only`: the pictures that carry truth, renumbered for the scorer."""
    import trackeval
    rows = lambda p: [l.strip().split(",") for l in open(p) if l.strip()]
    g, h = rows(gt), rows(tracks)
    if only is not None:
        new = {k: i + 1 for i, k in enumerate(only)}
        g = [[new[int(r[0])], *r[1:]] for r in g if int(r[0]) in new]; h = [[new[int(r[0])], *r[1:]] for r in h if int(r[0]) in new]
    n = max(int(r[0]) for r in g); h = [r for r in h if int(r[0]) <= n]
    d = tempfile.mkdtemp(dir=TMP); os.makedirs(f"{d}/gt/S/gt"); os.makedirs(f"{d}/tr/T/data")
    with open(f"{d}/gt/S/gt/gt.txt", "w") as f: f.writelines(",".join(map(str, [r[0], r[1], *r[2:6], 1, 1, 1])) + "\n" for r in g)
    with open(f"{d}/tr/T/data/S.txt", "w") as f: f.writelines(",".join(map(str, [r[0], r[1], *r[2:6], 1, -1, -1, -1])) + "\n" for r in h)
    ec = {**trackeval.Evaluator.get_default_eval_config(), "USE_PARALLEL": False, "PRINT_RESULTS": False, "PRINT_CONFIG": False, "TIME_PROGRESS": False, "OUTPUT_SUMMARY": False,
          "OUTPUT_DETAILED": False, "PLOT_CURVES": False, "BREAK_ON_ERROR": True, "LOG_ON_ERROR": None, "OUTPUT_EMPTY_CLASSES": False}
    dc = {**trackeval.datasets.MotChallenge2DBox.get_default_dataset_config(), "GT_FOLDER": d + "/gt", "TRACKERS_FOLDER": d + "/tr", "TRACKERS_TO_EVAL": ["T"], "BENCHMARK": "MOT15",
          "DO_PREPROC": False, "SKIP_SPLIT_FOL": True, "SEQ_INFO": {"S": n}, "PRINT_CONFIG": False, "OUTPUT_FOLDER": d + "/out"}
    ms = [getattr(trackeval.metrics, m)({"THRESHOLD": .5, "PRINT_CONFIG": False}) for m in ("HOTA", "CLEAR", "Identity")]
    with contextlib.redirect_stdout(io.StringIO()):
        res, _ = trackeval.Evaluator(ec).evaluate([trackeval.datasets.MotChallenge2DBox(dc)], ms)
    r = res["MotChallenge2DBox"]["T"]["S"]["pedestrian"]; c = r["CLEAR"]
    return {"MOTA": round(float(c["MOTA"]), 4), "IDF1": round(float(r["Identity"]["IDF1"]), 4), "HOTA": round(float(np.mean(r["HOTA"]["HOTA"])), 4), "FP": int(c["CLR_FP"]), "FN": int(c["CLR_FN"]),
            "IDSW": int(c["IDSW"]), "ids": len({r[1] for r in h}), "boxes": len(h), "gt": len(g)}


def show(who, s):
    print(f"  {who:28}" + "".join(f" {k} {v}" for k, v in s.items()), flush=True)


def ours(name, rate, det, mode, *more):
    out = f"{TMP}/ours.txt"
    subprocess.run([OURS, name, str(rate), det, out, mode, *more], check=True)
    return out


def two_d():
    sets = [("TUD-Campus (25/s)", 25, f"{DATA}/mot15/TUD-Campus/det.txt", f"{DATA}/mot15/TUD-Campus/gt.txt", None),
            ("PETS09-S2L1 (10/s, truth on every third picture)", 10, f"{DATA}/pets09_s2l1/det_0001_0200.txt", f"{DATA}/pets09_s2l1/gt_every3rd_0001_0067.txt", range(1, 68, 3))]
    for title, rate, det, gt, only in sets:
        print(title)
        for name, refs in REFERENCES.items():
            for who, var, make in refs:
                if var and var not in os.environ: print(f"  {who}: left out, ${var} is not set"); continue
                out = f"{TMP}/ref.txt"; run_reference(make, rate, det, out); show(who, score(gt, out, only))
            for mode in ("online", "offline", "refined"):
                show(f"ours {name} {mode}", score(gt, ours(name, rate, det, mode), only))


def kitti_2d():
    """PointRCNN's boxes in the picture, scores through a logistic function, against KITTI's boxes over 25 px high: a moving camera."""
    for cat, kinds in (("Car", ("Car", "Van")), ("Pedestrian", ("Pedestrian",))):
        total = {}
        for seq in sorted(f[:4] for f in os.listdir(f"{DATA}/kitti_tracking/label")):
            gt = [l.split() for l in gzip.open(f"{DATA}/kitti_tracking/label/{seq}.txt.gz", "rt")]
            gt = [r for r in gt if r[2] in kinds and int(r[1]) >= 0 and float(r[9]) - float(r[7]) > 25]
            det = [[float(x) for x in l.split(",")] for l in gzip.open(f"{DATA}/kitti_tracking/det_pointrcnn/{cat}_{seq}.txt.gz", "rt")]
            det = [r for r in det if r[5] - r[3] > 25]
            if len(gt) < 50 or not det: continue
            with open(f"{TMP}/k_gt.txt", "w") as f: f.writelines(f"{int(r[0]) + 1},{int(r[1]) + 1},{r[6]},{r[7]},{float(r[8]) - float(r[6])},{float(r[9]) - float(r[7])}\n" for r in gt)
            with open(f"{TMP}/k_det.txt", "w") as f: f.writelines(f"{int(r[0]) + 1},-1,{r[2]},{r[3]},{r[4] - r[2]},{r[5] - r[3]},{1 / (1 + np.exp(1 - r[6]))},-1,-1,-1\n" for r in det)
            for name in REFERENCES:
                for mode in ("online", "refined"):
                    s = score(f"{TMP}/k_gt.txt", ours(name, 10, f"{TMP}/k_det.txt", mode)); t = total.setdefault(f"{cat} {name} {mode}", [])
                    t.append([s["gt"], s["FP"] + s["FN"] + s["IDSW"], s["IDF1"] * s["gt"], s["HOTA"] * s["gt"], s["IDSW"]])
        for k, t in total.items():
            n, err, idf1, hota, sw = np.sum(t, 0); show(k, {"MOTA": round(1 - err / n, 4), "IDF1 (mean)": round(idf1 / n, 4), "HOTA (mean)": round(hota / n, 4), "IDSW": int(sw), "gt": int(n)})


# ---------------------------------------------------------------- KITTI in 3D, AB3DMOT's own evaluation

def kitti():
    ab = os.environ["AB3DMOT_DIR"]; work = f"{TMP}/kitti"; os.makedirs(f"{work}/scripts/KITTI/label")
    have = {f[:4] for f in os.listdir(f"{DATA}/kitti_tracking/label")}
    lines = [l for l in open(f"{DATA}/kitti_tracking/evaluate_tracking.seqmap.val") if l[:4] in have]
    open(f"{work}/scripts/KITTI/evaluate_tracking.seqmap.val", "w").writelines(l.rstrip("\n") + "\n" for l in lines)
    for l in lines:
        open(f"{work}/scripts/KITTI/label/{l[:4]}.txt", "w").write(gzip.open(f"{DATA}/kitti_tracking/label/{l[:4]}.txt.gz", "rt").read())
    stub("mailpy"); stub("matplotlib", use=lambda *_: None); stub("matplotlib.pyplot"); sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]
    for n in ("xinshuo_miscellaneous", "xinshuo_io", "xinshuo_visualization", "AB3DMOT_libs.vis"):
        stub(n, __getattr__=lambda name: (lambda *a, **k: None))
    sys.path[:0] = [ab, f"{ab}/scripts/KITTI"]
    from AB3DMOT_libs.model import AB3DMOT
    cwd = os.getcwd(); os.chdir(work)
    try:
        import evaluate
        class Mail:
            def msg(self, *_): pass
        for cat in os.environ.get("CLASSES", "Car,Pedestrian,Cyclist").split(","):
            for who in ("AB3DMOT", "ours", "ours, predictions too"):
                sha = f"{who}_{cat}".replace(" ", "-").replace(",", ""); os.makedirs(f"results/KITTI/{sha}/data_0"); t0 = time.process_time(); c0 = os.times()
                for l in lines:
                    seq, n = l[:4], int(l.split()[3]); det = f"{work}/det.txt"
                    open(det, "w").write(gzip.open(f"{DATA}/kitti_tracking/det_pointrcnn/{cat}_{seq}.txt.gz", "rt").read())
                    out = f"results/KITTI/{sha}/data_0/{seq}.txt"
                    if who == "AB3DMOT": reference_3d(AB3DMOT, cat, det, n, out)
                    elif os.path.getsize(det) == 0: open(out, "w").close()
                    else: subprocess.run([OURS, "ab3dmot", "10", det, out, "online" if who == "ours" else "coasting"], check=True)
                with contextlib.redirect_stdout(io.StringIO()):
                    s = kitti_score(evaluate, sha, cat, Mail())
                show(f"{cat} {who}", s)
    finally:
        os.chdir(cwd)


def reference_3d(AB3DMOT, cat, det, n, out):
    """The paper's tracker without compensation of the car's motion: the data have no poses."""
    d = np.loadtxt(det, delimiter=",").reshape(-1, 15)
    t = AB3DMOT(types.SimpleNamespace(dataset="KITTI", det_name="pointrcnn", ego_com=False, vis=False, affi_pro=False, num_hypo=1), cat, ID_init=1)
    with open(out, "w") as f:
        for k in range(n):
            r = d[d[:, 0] == k]
            dets = {"dets": r[:, 7:14], "info": np.concatenate((r[:, 14:15], r[:, 1:7]), axis=1)}
            with contextlib.redirect_stdout(io.StringIO()):
                res, _ = t.track(dets, k, "0")
            for x in res[0]:
                h, w, l, X, Y, Z, th, i, alpha = x[:9]; x1, y1, x2, y2, s = x[10:15]
                f.write(f"{k} {int(i)} {cat} 0 0 {alpha} {x1} {y1} {x2} {y2} {h} {w} {l} {X} {Y} {Z} {th} {s}\n")


def kitti_score(evaluate, sha, cat, mail):
    """sAMOTA, AMOTA and the best MOTA over the recalls, as `scripts/KITTI/evaluate.py` computes them at 3D IoU 0.25."""
    e = evaluate.trackingEvaluation(t_sha=sha, mail=mail, cls=cat.lower(), eval_3diou=True, eval_2diou=False, num_hypo=1, thres=.25)
    if not (e.loadTracker() and e.loadGroundtruth()): raise SystemExit(f"{sha}: not read")
    # at all detections first: the scores of the true positives give the thresholds of the 40 recalls
    e.compute3rdPartyMetrics()
    thresholds, recalls = e.getThresholds(e.scores, e.num_gt)
    sm, am, best = 0.0, 0.0, None
    for th, rec in zip(thresholds, recalls):
        e.reset(); e.compute3rdPartyMetrics(th, rec); sm += e.sMOTA; am += e.MOTA
        if best is None or e.MOTA > best[0]: best = (e.MOTA, e.id_switches, e.fp, e.fn, e.n_gt)
    return {"sAMOTA": round(sm / 40, 4), "AMOTA": round(am / 40, 4), "MOTA": round(best[0], 4), "IDSW": best[1], "FP": best[2], "FN": best[3], "gt": best[4]}


# ---------------------------------------------------------------- speed

def speed():
    d = os.environ.get("PEERS_DATA", os.path.join(tempfile.gettempdir(), "peers-data")); det = f"{TMP}/dets.txt"
    r = np.loadtxt(f"{d}/dets.csv", delimiter=",")
    with open(det, "w") as f: f.writelines(f"{int(x[0])},-1,{x[1]:.3f},{x[2]:.3f},{x[3] - x[1]:.3f},{x[4] - x[2]:.3f},{x[5]:.4f},-1,-1,-1\n" for x in r)
    for name, refs in REFERENCES.items():
        subprocess.run([OURS, name, "30", det, "-", "time"], check=True)
        show(f"ours {name}", score(f"{d}/mot_gt.txt", ours(name, 30, det, "online")))
        for who, var, make in refs:
            if var and var not in os.environ: continue
            out = f"{TMP}/ref.txt"; c = time.process_time(); run_reference(make, 30, det, out); c = time.process_time() - c
            show(f"{who}", {"pictures/CPU-s": round(1000 / c), **score(f"{d}/mot_gt.txt", out)})


for what in sys.argv[1:] or ["2d", "kitti", "kitti-2d", "speed"]:
    print(f"== {what}"); {"2d": two_d, "kitti": kitti, "kitti-2d": kitti_2d, "speed": speed}[what]()
