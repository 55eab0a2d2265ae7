#!/usr/bin/env python3
"""`chronotope serve` with the official Python client of the Model Context Protocol: every tool over stdio and over streamable HTTP, then latency,
start, memory, 64 sessions and a soak; and the same trivial tool served by the official Python server, for comparison.

    python3 -m venv VENV && VENV/bin/pip install mcp
    cargo build --release --bin chronotope
    CHRONOTOPE=PROGRAM VENV/bin/python benches/peers/mcp_clients.py [--soak 10000] [--video CLIP.mp4]

Prints one JSON object. Latency is wall time of one call after another on a warm server, in milliseconds; CPU is the server's own (user and system) per call.
"""
import argparse, asyncio, json, os, pathlib, shutil, socket, statistics, subprocess, sys, tempfile, time
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

OURS = os.environ.get("CHRONOTOPE", "chronotope")
STREET = """record "street"
camera cam 640x360
world ground m
coverage cam [0, 10) car, person
car 1 in ground through cam gap 2
  0: (0, 0, 0) box (10, 100, 60, 40)
  2: (20, 0, 0) box (300, 100, 60, 40)
person 2 in ground through cam gap 2
  1: (5, 5, 0) box (100, 80, 20, 60)
  3: (5, 5, 0) box (100, 80, 20, 60)
car 3 in ground through cam gap 2
  0: (0, 10, 0) box (10, 200, 60, 40)
  2: (0, 10, 0) box (10, 200, 60, 40)
event "open" [1, 2) agent 2 patient "door"
"""
S = {"source": "street.world"}
CALLS = [
    ("list_sources", {}), ("show", S), ("questions", S), ("ask", {**S, "question": "How many cars are there?"}),
    ("where", {**S, "thing": "person"}), ("when", {**S, "thing": "car 1", "what": "moving"}),
    ("measure", {**S, "what": "distance", "thing": "car 1", "other": "car 3", "at": 1}),
    ("relate", {**S, "thing": "car 1", "other": "car 3", "at": 1, "reference_frame": "image"}),
    ("route", {**S, "start": "car 1", "goal": "car 3", "at": 1}), ("track", {**S, "thing": "car 1", "every": 0.5}),
    ("events", {**S, "kind": "open"}), ("verify", {**S, "claims": "There are two cars. There are five cars."}), ("operators", {"about": "speed"}), ("run_program", {**S, "program": 'count(all("car"))'}),
    ("note", {**S, "subject": "keys", "relation": "on", "object": "table", "by": "test", "from": 1}), ("facts", {**S, "about": "keys"}),
]
SERVER = '''
from mcp.server import MCPServer
m = MCPServer("peer")
@m.tool()
def distance(a: int, b: int, t: float) -> dict:
    """distance between two entities"""
    return {"metres": abs(a - b) * 1.0, "t": t, "evidence": [a, b]}
m.run()
'''


def status(pid, key): return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith(key)) / 1024
def cpu(pid): f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split(); return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")
def child(of): return int(subprocess.run(["pgrep", "-n", "-P", str(of)], capture_output=True, text=True).stdout.split()[0])


def spread(times):
    ms = sorted(t * 1e3 for t in times)
    return {"median_ms": round(statistics.median(ms), 3), "p95_ms": round(ms[int(len(ms) * 0.95)], 3), "n": len(ms)}


async def every_tool(session, video):
    """Calls every tool; gives what each said first. A tool that is offered and not called here is a fault."""
    listed = [tool.name for tool in (await session.list_tools()).tools]
    said, answer = {}, None
    calls = list(CALLS)
    if video: calls += [("watch", {"source": video}), ("look", {"source": video, "at": 1.0}), ("ask", {"source": video, "question": "How many things move?"})]
    for name, arguments in calls:
        result = await session.call_tool(name, arguments)
        text = " ".join(block.text for block in result.content if block.type == "text").splitlines()[0]
        kinds = [block.type for block in result.content]
        said[name] = ("ERROR " if result.is_error else "") + text + (" + image" if "image" in kinds else "")
        if name == "ask" and answer is None: answer = result.structured_content
    result = await session.call_tool("replay", {**S, "answer": answer}); said["replay"] = result.content[0].text
    wrong = await session.call_tool("ask", {"source": "../../etc/passwd", "question": "x"}); said["outside"] = f"isError={wrong.is_error} {wrong.content[0].text.splitlines()[0]}"
    said["not called"] = sorted(set(listed) - set(said))
    resources = (await session.list_resources()).resources
    said["resources"] = [str(r.uri) for r in resources]; read = await session.read_resource(resources[0].uri)
    said["resource"] = len(read.contents[0].text)
    prompts = (await session.list_prompts()).prompts; said["prompts"] = [p.name for p in prompts]
    got = await session.get_prompt("recall", {"source": "street.world", "question": "where are the keys?"})
    said["prompt"] = got.messages[0].content.text.splitlines()[0]
    return said


async def latency(session, name, arguments, n):
    for _ in range(20): await session.call_tool(name, arguments)
    times = []
    for _ in range(n):
        t = time.perf_counter(); result = await session.call_tool(name, arguments); times.append(time.perf_counter() - t)
        assert not result.is_error, result
    return spread(times)


def raw(folder, n):
    """The round trip itself, over pipes, without the client's own work."""
    server = subprocess.Popen([OURS, "-q", "serve", "--mcp", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    def ask(i, method, params):
        server.stdin.write((json.dumps({"jsonrpc": "2.0", "id": i, "method": method, "params": params}) + "\n").encode()); server.stdin.flush()
        return server.stdout.readline()
    ask(0, "initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "0"}})
    server.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n'); server.stdin.flush()
    out = {}
    for name, call in (("ask", {"name": "ask", "arguments": {**S, "question": "How many cars are there?"}}), ("run_program", {"name": "run_program", "arguments": {**S, "program": 'count(all("car"))'}}), ("list_sources", {"name": "list_sources", "arguments": {}})):
        for i in range(50): ask(i, "tools/call", call)
        before, times = cpu(server.pid), []
        for i in range(n):
            t = time.perf_counter(); line = ask(i, "tools/call", call); times.append(time.perf_counter() - t)
        assert b'"isError":true' not in line, line
        out[name] = {**spread(times), "cpu_ms": round((cpu(server.pid) - before) / n * 1e3, 3)}
    out["rss_mib"] = round(status(server.pid, "VmRSS"), 1)
    server.stdin.close(); out["exit"] = server.wait(10)
    return out


def start(folder, n=9):
    """From the start of the process to the first answer, wall seconds, without a client's own start."""
    times = []
    for _ in range(n):
        t = time.perf_counter()
        server = subprocess.Popen([OURS, "-q", "serve", "--mcp", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        send = lambda m: (server.stdin.write((json.dumps({"jsonrpc": "2.0", **m}) + "\n").encode()), server.stdin.flush())
        send({"id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "0"}}}); server.stdout.readline()
        send({"method": "notifications/initialized"})
        send({"id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {**S, "question": "How many cars are there?"}}}); server.stdout.readline()
        times.append(time.perf_counter() - t); server.stdin.close(); server.wait(10)
    return spread(times)


async def over_stdio(folder, video, n):
    out = {}
    async with stdio_client(StdioServerParameters(command=OURS, args=["-q", "serve", "--mcp", "--write", folder])) as (r, w):
        async with ClientSession(r, w) as session:
            out["protocol"] = (await session.initialize()).protocol_version
            out["tools"] = await every_tool(session, video)
            out["ask"] = await latency(session, "ask", {**S, "question": "How many cars are there?"}, n)
    return out


def served(folder, *more):
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
    server = subprocess.Popen([OURS, "-q", "serve", "--http", str(port), folder, *more])
    for _ in range(500):
        try: socket.create_connection(("127.0.0.1", port), 0.2).close(); break
        except OSError: time.sleep(0.01)
    return server, f"http://127.0.0.1:{port}/mcp"


async def over_http(folder, video, n, soak):
    server, url = served(folder, "--write"); out = {}
    try:
        async with streamable_http_client(url) as (r, w, *_):
            async with ClientSession(r, w) as session:
                await session.initialize(); out["tools"] = await every_tool(session, video)
                out["ask"] = await latency(session, "ask", {**S, "question": "How many cars are there?"}, n)
        question = ["How many cars are there?", "How many people are there?", "How many dogs are there?"]

        async def one(i, calls):
            async with streamable_http_client(url) as (r, w, *_):
                async with ClientSession(r, w) as session:
                    await session.initialize(); bad = 0
                    for k in range(calls):
                        result = await session.call_tool("ask", {**S, "question": question[(i + k) % 3], "asked_at": 5})
                        want = [2, 1, None][(i + k) % 3]
                        bad += result.structured_content["answer"]["value"] != want
                    return bad
        before, t = cpu(server.pid), time.perf_counter()
        bad = sum(await asyncio.gather(*(one(i, 20) for i in range(64))))
        out["64 sessions"] = {"calls": 64 * 20, "wrong": bad, "wall_s": round(time.perf_counter() - t, 2), "server_cpu_s": round(cpu(server.pid) - before, 2), "rss_mib": round(status(server.pid, "VmRSS"), 1)}
        out["rss_before_soak_mib"] = round(status(server.pid, "VmRSS"), 1)
        out["soak"] = soaked(url, soak); out["rss_after_soak_mib"] = round(status(server.pid, "VmRSS"), 1)
    finally:
        server.terminate(); out["exit"] = server.wait(20)
    return out


def soaked(url, n):
    """Calls of every kind, good and bad, also bytes that are none of the protocol, over plain HTTP; every answer must be one."""
    import http.client
    host = url.split("/")[2]; connection = http.client.HTTPConnection(host, timeout=30)
    kinds, t = {}, time.perf_counter()
    def post(path, body, headers={}):
        nonlocal connection
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}); answer = connection.getresponse(); return answer.status, answer.read()
        except (http.client.HTTPException, OSError) as error:
            connection.close(); connection = http.client.HTTPConnection(host, timeout=30); return type(error).__name__, b""
    rpc = lambda tool, arguments: json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
    for i in range(n):
        match i % 10:
            case 0 | 1 | 2: name, (code, body) = "good", post("/mcp", rpc(*CALLS[i // 10 % (len(CALLS) - 2)])); assert code == 200 and b'"isError":false' in body, body
            case 3: name, (code, _) = "bad argument", post("/mcp", rpc("ask", {"question": i}))
            case 4: name, (code, _) = "no JSON", post("/mcp", "{" * 1000)
            case 5: name, (code, _) = "deep JSON", post("/tools/ask", "[" * 20000)
            case 6: name, (code, _) = "outside", post("/tools/show", json.dumps({"source": "../" * (i % 7) + "etc/passwd"}))
            case 7: name, (code, _) = "hostile program", post("/tools/run_program", json.dumps({**S, "program": "count(" * (i % 200)}))
            case 8: name, (code, _) = "broken bytes", post("/tools/ask", bytes([i % 256] * 300))
            case _: name, (code, _) = ("10 MB", post("/tools/ask", b'{"question": "' + b"x" * 10_000_000 + b'"}')) if i % 1000 == 9 else ("who goes away", gone(host))
        kinds.setdefault(name, {}); kinds[name][str(code)] = kinds[name].get(str(code), 0) + 1
    return {"calls": n, "wall_s": round(time.perf_counter() - t, 1), "by_kind": kinds}


def gone(host):
    """Asks and does not wait for the answer."""
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), 5) as s:
        body = json.dumps({**S, "question": "How many cars are there?"}).encode()
        s.sendall(b"POST /tools/ask HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s" % (host.encode(), len(body), body))
    return "gone", b""


async def peer(n):
    with tempfile.NamedTemporaryFile("w", suffix=".py", delete=False) as f: f.write(SERVER)
    t = time.perf_counter()
    async with stdio_client(StdioServerParameters(command=sys.executable, args=[f.name])) as (r, w):
        async with ClientSession(r, w) as session:
            await session.initialize(); await session.call_tool("distance", {"a": 1, "b": 2, "t": 0.5}); started = time.perf_counter() - t
            out = await latency(session, "distance", {"a": 1, "b": 2, "t": 0.5}, n)
            out |= {"start_to_first_answer_s": round(started, 3), "rss_mib": round(status(child(os.getpid()), "VmRSS"), 1)}
    os.unlink(f.name); return out


def fresh(folder):
    """The street as a World on disk, without notes."""
    shutil.rmtree(os.path.join(folder, "street.world"), ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch:
        texts = [os.path.join(scratch, name) for name in ("street.world.txt", "empty.world.txt")]
        for path, text in zip(texts, (STREET, 'record "empty"\n')): pathlib.Path(path).write_text(text)
        subprocess.run([OURS, "-q", "merge", *texts, "-o", os.path.join(folder, "street.world")], check=True)


def main():
    parser = argparse.ArgumentParser(); parser.add_argument("--n", type=int, default=500); parser.add_argument("--soak", type=int, default=10000); parser.add_argument("--video")
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mcp-")
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="mcp-cache-")
    fresh(folder); video = None
    if args.video: video = os.path.basename(args.video); shutil.copy(args.video, folder)
    out = {"raw stdio": raw(folder, args.n * 4), "start": start(folder), "stdio": asyncio.run(over_stdio(folder, video, args.n))}
    fresh(folder)
    out["http"] = asyncio.run(over_http(folder, video, args.n, args.soak))
    out["python server, stdio"] = asyncio.run(peer(args.n))
    json.dump(out, sys.stdout, indent=1); print(); shutil.rmtree(folder)


main()
