#!/usr/bin/env python3
"""COCO average precision, HOTA + CLEAR + IDF1 with MOTChallenge's preprocessing, and mask run lengths beside pycocotools and TrackEval: CPU seconds, medians, values.

    python3 -m venv VENV && VENV/bin/pip install trackeval pycocotools scipy
    cargo build --release -p chronotope-score --example detection_speed
    CHRONOTOPE_DATA=../shared/data VENV/bin/python benches/peers/detection_speed.py TARGET/release/examples/detection_speed

Both sides get the same inputs, read before the clock starts. One JSON line.
"""
import contextlib, gzip, io, json, os, statistics, subprocess, sys, tempfile, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
HERE = os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0, HERE)
import score_golden as golden
from pycocotools import mask as M
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
TMP = tempfile.mkdtemp(prefix="detection-"); at = lambda name: os.path.join(TMP, name)
SEQUENCE = os.path.join(os.environ.get("CHRONOTOPE_DATA", "../shared/data"), "mot_gt", "MOT17-val", "MOT17-02-FRCNN.txt.gz")


def median(work, n=5):
    before = time.process_time(); value = work(); times, k = [], max(1, int(.05 / max(time.process_time() - before, 1e-9)))
    for _ in range(n):
        before = time.process_time()
        for _ in range(k): value = work()
        times.append((time.process_time() - before) / k)
    return statistics.median(times), value


def detections(pictures=500, categories=20):
    r = golden.Random(51); truth, said = [], []
    for i in range(1, pictures + 1):
        for _ in range(int(r.u() * 16)):
            size = 12 + r.u() ** 3 * 250; b = [r.u() * 400, r.u() * 300, size * (.5 + r.u()), size * (.5 + r.u())]; c = 1 + int(r.u() * categories)
            truth.append({"id": len(truth) + 1, "image_id": i, "category_id": c, "bbox": b, "area": b[2] * b[3], "iscrowd": int(r.u() < .02)})
            if r.u() < .85: said.append({"image_id": i, "category_id": c, "bbox": [v + (r.u() - .5) * 12 for v in b[:2]] + b[2:], "score": r.u()})
        for _ in range(int(r.u() * 40)): said.append({"image_id": i, "category_id": 1 + int(r.u() * categories), "bbox": [r.u() * 500, r.u() * 300, 5 + r.u() * 90, 5 + r.u() * 90], "score": r.u() * .7})
    images = sorted({a["image_id"] for a in truth}); said = [d for d in said if d["image_id"] in set(images)]
    return {"images": [{"id": i} for i in images], "categories": [{"id": c + 1, "name": str(c + 1)} for c in range(categories)], "annotations": truth}, said


def coco(truth, said):
    with contextlib.redirect_stdout(io.StringIO()):
        gt = COCO(); gt.dataset = truth; gt.createIndex(); dt = gt.loadRes(said)

        def work():
            e = COCOeval(gt, dt, "bbox"); e.evaluate(); e.accumulate(); e.summarize(); return float(e.stats[0])
        return median(work, 3)


def main():
    with contextlib.redirect_stderr(io.StringIO()):
        truth, said = detections(); json.dump(truth, open(at("gt.json"), "w")); json.dump(said, open(at("dt.json"), "w"))
        gt = [[float(v) for v in l.split(",")] for l in gzip.open(SEQUENCE, "rt") if l.strip()]
        gt = [(int(r[0]), int(r[1]), *r[2:6], int(r[6]), int(r[7])) for r in gt]; tracks = golden.worse(gt, 7, .15, .5)
        for name, rows in (("mot_gt.txt", gt), ("mot_said.txt", [(*r, 1, 1) for r in tracks])):
            with open(at(name), "w") as f: f.writelines(",".join(repr(v) for v in r) + "\n" for r in rows)
        r = golden.Random(52); masks = [np.asfortranarray(golden.blobs(r, 854, 480, 6)) for _ in range(60)]
        with open(at("masks.bin"), "wb") as f: f.write(np.array([854, 480], "<u4").tobytes()); [f.write(m.tobytes(order="F")) for m in masks]
        ours = json.loads(subprocess.run([sys.argv[1], TMP], check=True, capture_output=True).stdout)
        rles = [M.encode(m) for m in masks]
        peers = {"coco_s": coco(truth, said), "mot_s": median(lambda: golden.preprocessed(gt, tracks, "MOT17"), 3), "encode_s": median(lambda: [M.encode(m) for m in masks]),
                 "decode_s": median(lambda: [M.decode(m) for m in rles]), "iou_s": median(lambda: float(M.iou(rles, rles, [0] * len(rles)).sum()))}
        values = {"AP": peers["coco_s"][1], "iou_sum": peers["iou_s"][1], **{k: peers["mot_s"][1][k] for k in ("HOTA", "MOTA", "IDF1")}}
    print(json.dumps({"ours": {k: v for k, v in ours.items()}, "peers": {k: v[0] for k, v in peers.items()} | values, "times": {k: round(peers[k][0] / ours[k], 2) for k in peers},
                      "differs": {k: abs(ours[k] - v) for k, v in values.items()}, "inputs": {"annotations": len(truth["annotations"]), "detections": len(said), "mot_boxes": len(gt), "masks": len(masks)}}))


main()
