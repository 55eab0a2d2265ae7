#!/usr/bin/env python3
"""Rewards a CPU-second, ours beside plain Python with regular expressions, on the same 10,000 completions: one JSON line a side.

    python3 -m venv VENV && VENV/bin/pip install numpy rouge-score
    PEERS_DATA=FOLDER VENV/bin/python ../shared/peers/gen_inputs.py
    cargo build --release -p chronotope-score --example reward_speed
    PEERS_DATA=FOLDER OURS=target/release/examples/reward_speed VENV/bin/python benches/peers/reward_speed.py

The peers' side is ../shared/peers/grpo_reward.py as it stands; the sums of the two sides have to agree.
"""
import json, os, subprocess, sys
HERE = os.path.dirname(os.path.abspath(__file__)); PEERS = os.environ.get("PEERS", os.path.join(HERE, "../../../shared/peers"))
ours = json.loads(subprocess.run([os.environ["OURS"], os.path.join(os.environ["PEERS_DATA"], "completions.jsonl")], check=True, capture_output=True).stdout)
theirs = json.loads(subprocess.run([sys.executable, "grpo_reward.py"], cwd=PEERS, check=True, capture_output=True).stdout.splitlines()[-1])
print(json.dumps({"ours": ours})); print(json.dumps({"python": theirs["figures"], "answers": theirs["answers"]}))
for key in ("sum_no_rouge", "sum_rouge"):
    a, b = ours[key], theirs["answers"].get(key)
    print(key, a, b, "agree" if b is not None and abs(a - b) < 1e-3 else "differ" if b is not None else "")
