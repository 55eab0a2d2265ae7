"""Reading a 720p30 H.264 clip of 900 pictures, ours and others side by side: CPU-seconds (user + system) and peak memory.

    cargo build --release -p chronotope-perceive --features video --example video_read
    python3 benches/peers/video_read.py target/release/examples/video_read [REPEATS]

PyAV, OpenCV and decord are installed into a venv under a temporary folder, which also holds the clips (`testsrc2`, a key
picture every 250 and every 30 pictures) and goes away at the end; a peer that cannot be installed is left out and named.
Each figure is the median over the repeats (3), taken in turn, each in a process of its own; every reader has one thread.
The 32 times are the same for all; PyAV and OpenCV seek to them one by one, as their users do; decord takes them as one
batch.
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

OPENCV = """
import os, sys
os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "threads;1"
import cv2
cv2.setNumThreads(1)
mode, clip, n_pictures = sys.argv[1], sys.argv[2], 900
video, n = cv2.VideoCapture(clip, cv2.CAP_FFMPEG), 0
if mode == "decode":
    while video.grab():
        n += 1
elif mode == "rgb":
    while True:
        read, picture = video.read()
        if not read:
            break
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        n += 1
elif mode == "seek":
    for i in range(32):
        video.set(cv2.CAP_PROP_POS_FRAMES, int((i * 2654435761 % 1009) * n_pictures / 1009))
        read, picture = video.read()
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
        n += 1
elif mode == "uniform":
    wanted, i = {(n_pictures - 1) * i // 63 for i in range(64)}, 0
    while video.grab():
        if i in wanted:
            cv2.cvtColor(cv2.resize(video.retrieve()[1], (448, 448)), cv2.COLOR_BGR2RGB)
            n += 1
        i += 1
print(n)
"""

DECORD = """
import sys, decord
mode, clip, n_pictures = sys.argv[1], sys.argv[2], 900
size = {"width": 448, "height": 448} if mode == "uniform" else {}
video, n = decord.VideoReader(clip, ctx=decord.cpu(0), num_threads=1, **size), 0
if mode in ("decode", "rgb"):
    for picture in video:
        picture.asnumpy()
        n += 1
elif mode == "seek":
    n = len(video.get_batch([int((i * 2654435761 % 1009) * n_pictures / 1009) for i in range(32)]).asnumpy())
elif mode == "uniform":
    n = len(video.get_batch([(n_pictures - 1) * i // 63 for i in range(64)]).asnumpy())
print(n)
"""

# package, program, whether it can decode without making RGB
PEERS = {
    "PyAV": ("av", PYAV, True),
    "OpenCV": ("opencv-python-headless", OPENCV, True),
    "decord": ("decord", DECORD, False),
}


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
        peers = {}
        for peer, (package, program, decodes) in PEERS.items():
            if subprocess.run([python, "-m", "pip", "install", "-q", package, "numpy"]).returncode == 0:
                peers[peer] = (program, decodes)
            else:
                print(json.dumps({"peer": peer, "left_out": "it cannot be installed here"}))
        clips = {}
        for gop in (250, 30):
            clips[gop] = os.path.join(folder, f"clip720_g{gop}.mp4")
            source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30", "-frames:v", "900"]
            codec = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", str(gop), "-keyint_min", str(gop)]
            subprocess.run(["ffmpeg", "-v", "error", *source, *codec, clips[gop]], check=True)
        readers = {
            "decode, ours": [ours, "decode", clips[250], "1"],
            "decode, ffmpeg": ["ffmpeg", "-v", "error", "-threads", "1", "-i", clips[250], "-f", "null", "-"],
            "decode to RGB, ours": [ours, "rgb", clips[250], "1"],
        }
        for peer, (program, decodes) in peers.items():
            if decodes:
                readers[f"decode, {peer}"] = [python, "-c", program, "decode", clips[250]]
            readers[f"decode to RGB, {peer}"] = [python, "-c", program, "rgb", clips[250]]
        for gop in (250, 30):
            for mode, what in (("seek", "32 times"), ("uniform", "64 uniform at 448x448")):
                readers[f"{what}, key every {gop}, ours"] = [ours, mode, clips[gop], "1"]
                for peer, (program, _) in peers.items():
                    readers[f"{what}, key every {gop}, {peer}"] = [python, "-c", program, mode, clips[gop]]
        found = {name: [] for name in readers}
        for _ in range(repeats):
            for name, command in readers.items():
                found[name].append(cost(command))
        for name, costs in found.items():
            cpu, memory = zip(*costs)
            row = {"what": name, "cpu_s": round(statistics.median(cpu), 2), "all": [round(c, 2) for c in cpu]}
            print(json.dumps({**row, "peak_mib": round(max(memory))}), flush=True)
        print(json.dumps({"load": os.getloadavg()[0], "cores": os.cpu_count()}))


if __name__ == "__main__":
    main()
