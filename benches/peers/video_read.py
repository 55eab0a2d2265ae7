"""Reading a 720p30 H.264 clip of 900 pictures, ours and others side by side: CPU-seconds (user + system) and peak memory.

    cargo build --release -p chronotope-perceive --features video --example video_read
    python3 benches/peers/video_read.py target/release/examples/video_read [REPEATS]

PyAV is installed into a venv under a temporary folder, which also holds the clips (`testsrc2`, a key picture every 250
and every 30 pictures) and goes away at the end. Each figure is the median over the repeats (3), taken in turn, each in
a process of its own; every reader has one thread. The 32 times are the same for all; PyAV seeks to them one by one, as
its users do.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

PYAV = """
import sys, av
mode, clip, n_pictures = sys.argv[1], sys.argv[2], 900
container = av.open(clip)
stream = container.streams.video[0]
stream.thread_type, stream.codec_context.thread_count = "NONE", 1
n = 0
if mode == "decode":
    for picture in container.decode(stream):
        n += 1
elif mode == "rgb":
    for picture in container.decode(stream):
        picture.to_ndarray(format="rgb24")
        n += 1
elif mode == "seek":
    length = n_pictures / 30
    for i in range(32):
        t = (i * 2654435761 % 1009) * length / 1009
        container.seek(int(t / stream.time_base), stream=stream)
        for picture in container.decode(stream):
            if picture.time + 1 / 30 > t:
                picture.to_ndarray(format="rgb24")
                n += 1
                break
elif mode == "uniform":
    wanted = {(n_pictures - 1) * i // 63 for i in range(64)}
    for i, picture in enumerate(container.decode(stream)):
        if i in wanted:
            picture.reformat(448, 448, "rgb24").to_ndarray()
            n += 1
print(n)
"""


def cost(command):
    """CPU-seconds and MiB of one process: read from its own accounts when it has ended."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    words = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise SystemExit(f"{command}: {words.decode()}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    ours = os.path.abspath(sys.argv[1])
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        venv = os.path.join(folder, "venv")
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        python = os.path.join(venv, "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "-q", "av", "numpy"], check=True)
        clips = {}
        for gop in (250, 30):
            clips[gop] = os.path.join(folder, f"clip720_g{gop}.mp4")
            source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30", "-frames:v", "900"]
            codec = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", str(gop), "-keyint_min", str(gop)]
            subprocess.run(["ffmpeg", "-v", "error", *source, *codec, clips[gop]], check=True)
        readers = {
            "decode, ours": [ours, "decode", clips[250], "1"],
            "decode, ffmpeg": ["ffmpeg", "-v", "error", "-threads", "1", "-i", clips[250], "-f", "null", "-"],
            "decode, PyAV": [python, "-c", PYAV, "decode", clips[250]],
            "decode to RGB, ours": [ours, "rgb", clips[250], "1"],
            "decode to RGB, PyAV": [python, "-c", PYAV, "rgb", clips[250]],
        }
        for gop in (250, 30):
            for mode, what in (("seek", "32 times"), ("uniform", "64 uniform at 448x448")):
                readers[f"{what}, key every {gop}, ours"] = [ours, mode, clips[gop], "1"]
                readers[f"{what}, key every {gop}, PyAV"] = [python, "-c", PYAV, mode, clips[gop]]
        found = {name: [] for name in readers}
        for _ in range(repeats):
            for name, command in readers.items():
                found[name].append(cost(command))
        for name, costs in found.items():
            cpu, memory = zip(*costs)
            row = {"what": name, "cpu_s": round(statistics.median(cpu), 2), "all": [round(c, 2) for c in cpu]}
            print(json.dumps({**row, "peak_mib": round(max(memory))}))
        print(json.dumps({"load": os.getloadavg()[0], "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
