"""What moves in the PETS clip against its truth: TrackEval's MOTA, IDF1 and HOTA, and the error on the ground in metres.

    cargo build --release -p chronotope-perceive --features video --example motion_detect
    target/release/examples/motion_detect CLIP out.txt --tracker byte-track
    python -m venv /tmp/venv && /tmp/venv/bin/pip install numpy scipy trackeval
    /tmp/venv/bin/python benches/peers/pets_motion.py out.txt [MORE.txt ...]

Rows are made on the 480x360 clip; the truth is in pixels of 768x576 and stands on pictures 1, 4, ..., 67 only, so only
these are scored. CHRONOTOPE_DATA: the data folder, ../shared/data unless set.
"""

import json
import os
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment
from trackeval.metrics import CLEAR, HOTA, Identity

FOLDER = os.path.join(os.environ.get("CHRONOTOPE_DATA", "../shared/data"), "pets09_s2l1")
SCALE = 0.625


def rows(path):
    with open(path) as lines:
        for line in lines:
            yield [float(field) for field in line.split(",")]


def iou(a, b):
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def score(path, truth, ground_from_image):
    found = {}
    for v in rows(path):
        found.setdefault(int(v[0]), []).append((int(v[1]), v[2:6]))
    true_ids, found_ids, errors = {}, {}, []
    data = {"gt_ids": [], "tracker_ids": [], "similarity_scores": [], "num_gt_dets": 0, "num_tracker_dets": 0}
    for frame in sorted(truth):
        here, seen = truth[frame], found.get(frame, [])
        data["gt_ids"].append(np.array([true_ids.setdefault(t[0], len(true_ids)) for t in here], int))
        data["tracker_ids"].append(np.array([found_ids.setdefault(s[0], len(found_ids)) for s in seen], int))
        overlap = np.array([[iou(s[1], t[1]) for s in seen] for t in here]).reshape(len(here), len(seen))
        data["similarity_scores"].append(overlap)
        data["num_gt_dets"] += len(here)
        data["num_tracker_dets"] += len(seen)
        for i, j in zip(*linear_sum_assignment(-np.where(overlap >= 0.5, overlap, 0))):
            if overlap[i, j] >= 0.5:
                left, top, width, height = seen[j][1]
                p = ground_from_image @ np.array([(left + width / 2) / SCALE, (top + height) / SCALE, 1])
                errors.append(np.linalg.norm(p[:2] / p[2] - here[i][2]))
    data.update(num_gt_ids=len(true_ids), num_tracker_ids=len(found_ids), num_timesteps=len(truth))
    config = {"THRESHOLD": 0.5, "PRINT_CONFIG": False}
    hota = HOTA().eval_sequence(data)
    clear = CLEAR(config).eval_sequence(data)
    identity = Identity(config).eval_sequence(data)
    return {
        "file": path,
        "precision": clear["CLR_Pr"],
        "recall": clear["CLR_Re"],
        "MOTA": clear["MOTA"],
        "IDF1": identity["IDF1"],
        "HOTA": hota["HOTA"].mean(),
        "switches": int(clear["IDSW"]),
        "ids": [len(found_ids), len(true_ids)],
        "position_mean_m": np.mean(errors),
        "position_max_m": np.max(errors),
        "n": [len(errors), data["num_gt_dets"]],
    }


def main():
    with open(os.path.join(FOLDER, "homography_foot_to_world.json")) as file:
        ground_from_image = np.array(json.load(file)["H"])
    truth = {}
    for v in rows(os.path.join(FOLDER, "gt_every3rd_0001_0067.txt")):
        truth.setdefault(int(v[0]), []).append((int(v[1]), [x * SCALE for x in v[2:6]], np.array(v[7:9])))
    for path in sys.argv[1:]:
        figures = score(path, truth, ground_from_image)
        print(json.dumps({k: round(float(v), 3) if isinstance(v, float) else v for k, v in figures.items()}))


if __name__ == "__main__":
    main()
