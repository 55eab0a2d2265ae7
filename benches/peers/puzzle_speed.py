#!/usr/bin/env python3
"""Puzzles a CPU-second: ours beside reasoning-gym's and MiniGrid's own makers, one after the other in one run.

    python3 -m venv VENV && VENV/bin/pip install reasoning-gym minigrid
    cargo build --release -p chronotope-simulate --example puzzle_speed
    VENV/bin/python benches/peers/puzzle_speed.py [ROUNDS]

Ours: $PUZZLE_SPEED (default the release build). Each kind runs one second a round; medians of ROUNDS (default 3) rounds, CPU seconds
(user and system) of the process that makes them. Ours solves every item and writes its text; reasoning-gym at its own defaults, which
give no answer for rush_hour and put 4 to 10 boxes into sokoban (ours here 2). Our grid world draws the tiles that changed into one picture,
MiniGrid the whole picture anew. One line of JSON for each kind.
"""
import json, os, resource, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
OURS = os.environ.get("PUZZLE_SPEED", os.path.join(TARGET, "release", "examples", "puzzle_speed"))
PEERS = {"open-maze": "maze", "rush-hour": "rush_hour", "sokoban-2": "sokoban", "sudoku": "sudoku", "knight-swap": "knight_swap",
         "tower-of-hanoi": "tower_of_hanoi"}
ALONE = ["maze", "sokoban-1", "sokoban-3", "sliding-tiles", "discs-clip", "maze-film"]


def ours(kind):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([OURS, kind], capture_output=True, text=True, check=True).stdout.split()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int(out[1]) / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def gym(task, seed):
    import reasoning_gym
    data = reasoning_gym.create_dataset(task, size=100_000, seed=seed)
    data[0]
    made, index, wall, cpu = 0, 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < 1.0:
        try:
            data[index]; made += 1
        except RuntimeError:
            pass
        index += 1
    return made / (time.process_time() - cpu)


def grid(seed):
    import gymnasium, minigrid  # noqa: F401
    env = gymnasium.make("MiniGrid-Empty-8x8-v0", render_mode="rgb_array")
    env.reset(seed=seed); env.action_space.seed(seed)
    for _ in range(200):  # its tiles are drawn when they are first seen
        if any(env.step(env.action_space.sample())[2:4]):
            env.reset(seed=seed)
        env.render()
    made, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < 1.0:
        _, _, done, cut, _ = env.step(env.action_space.sample()); env.render(); made += 1
        if done or cut:
            env.reset(seed=made)
    return made / (time.process_time() - cpu)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(json.dumps({"load": os.getloadavg(), "rounds": rounds}))
    for kind, task in [*PEERS.items(), ("grid-step-draw", None)]:
        mine, theirs = [], []
        for seed in range(rounds):
            mine.append(ours(kind)); theirs.append(gym(task, 100 + seed) if task else grid(seed))
        a, b = statistics.median(mine), statistics.median(theirs)
        print(json.dumps({"kind": kind, "peer": task or "minigrid Empty-8x8", "ours": round(a, 1), "theirs": round(b, 1), "times": round(a / b, 1)}), flush=True)
    for kind in ALONE:
        print(json.dumps({"kind": kind, "ours": round(statistics.median(ours(kind) for _ in range(rounds)), 1)}), flush=True)


if __name__ == "__main__":
    main()
