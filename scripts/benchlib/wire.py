"""scripts/bench wire: what a request costs the server as workers, connections and calls go: nothing here is beside another server."""
import collections
import contextlib
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from .common import (ENGINES, POST_SCRIPT, RELEASE, WRK_REPORT, build, cpu_of, create_item, drive, fail, in_turns, interval, need,
                     running)
from .idle import open_connections, raise_file_limit, still_open
from .postgres import Postgres, programs

PARTS = ("workers", "crowd", "calls")
WORKERS_GOAL = 0.92  # requests per busy CPU-second, two workers ÷ one
CROWD = 10_000
ACTIVE = 100
CROWD_GOAL = 1.3     # CPU per request among a crowd ÷ without one
MAILBOX_ELEMENTS = 3  # of CAF's, in a GET: request, command, reply
ALLOCATIONS_GOAL = MAILBOX_ELEMENTS + 1
CALLS_SOURCE = pathlib.Path(__file__).with_name("count_calls.c")


def serve(directory, name, *flags):
    return [RELEASE / "troupe", "serve", "--port", "0", "--data-dir", pathlib.Path(directory) / name, *flags]


def script_in(directory, name, text):
    script = pathlib.Path(directory) / f"{name}.lua"
    script.write_text(text)
    return script


def cpu_us_of(process, url, script, connections, seconds):
    before = cpu_of(process.pid)
    cell = drive(url, script, connections, seconds)
    return (cpu_of(process.pid) - before) / cell.requests * 1e6


def verdict(quotients, goal, at_least):
    mean, low, high = interval(quotients)
    met = mean >= goal if at_least else mean <= goal
    sure = "" if not low < goal < high else ", not surely"
    return f"{mean:.2f} ({low:.2f} to {high:.2f}); goal {'≥' if at_least else '≤'} {goal:g}: {'met' if met else 'MISSED'}{sure}"


def direct_cpu_us(url, workers, options, directory):
    """Of a run whose users are on the server's own workers, whatever it was: start and end are in it."""
    result = pathlib.Path(directory) / "direct.json"
    process = subprocess.Popen([RELEASE / "troupe", "simulate", "--transport", "direct", "--scenario", "read", "--users",
                                str(options.connections), "--warm-up", "0s", "--duration", f"{options.seconds}s", "--workers",
                                str(workers), "--pool-size", "4", "--database-url", url, "--json", result],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    error = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        fail(f"simulate --workers {workers} ended with {process.returncode}:\n{error}")
    return (used.ru_utime + used.ru_stime) / json.loads(result.read_text())["total"]["requests"] * 1e6


def bench_workers(options, directory):
    """Requests per busy CPU-second with two workers, of those with one."""
    script = script_in(directory, "get", WRK_REPORT)
    cpu_us = collections.defaultdict(list)
    with contextlib.ExitStack() as stack:
        servers = {f"http, {engine}, {workers}": stack.enter_context(
            running(serve(directory, f"{engine}{workers}", "--io", engine, "--workers", str(workers), "--pool-size", "4"), directory,
                    f"{engine}{workers}")) for engine in ENGINES for workers in (1, 2)}
        folder = programs("postgres", "psql", "pg_isready")
        database = stack.enter_context(Postgres(folder, pathlib.Path(directory) / "direct").make().running())
        urls = {name: f"http://127.0.0.1:{port}{create_item(port)}" for name, (_, port) in servers.items()}
        for turn in range(options.rounds):
            for name in in_turns(servers, turn):
                cpu_us[name].append(cpu_us_of(servers[name][0], urls[name], script, options.connections, options.seconds))
            for workers in in_turns((1, 2), turn):
                cpu_us[f"direct, {workers}"].append(direct_cpu_us(database.url(), workers, options, directory))
            print(f"  round {turn + 1}/{options.rounds}", file=sys.stderr)
    for way in (*(f"http, {engine}" for engine in ENGINES), "direct"):
        one, two = cpu_us[f"{way}, 1"], cpu_us[f"{way}, 2"]
        print(f"{way}: {statistics.median(one):.2f} µs of CPU a GET with one worker, {statistics.median(two):.2f} with two; requests per "
              f"busy CPU-second, two ÷ one: {verdict([a / b for a, b in zip(one, two)], WORKERS_GOAL, True)}")


def bench_crowd(options, directory):
    """CPU per request of a hundred busy connections, alone and among ten thousand."""
    script = script_in(directory, "get", WRK_REPORT)
    raise_file_limit(CROWD + 1000)
    for engine in ENGINES:
        cpu_us = {"alone": [], "crowd": []}
        with contextlib.ExitStack() as stack:
            servers = {name: stack.enter_context(running(
                serve(directory, f"{engine}-{name}", "--io", engine, "--max-connections", str(CROWD + 500), "--idle-timeout", "1h"),
                directory, f"{engine}-{name}")) for name in cpu_us}
            paths = {name: create_item(port) for name, (_, port) in servers.items()}
            print(f"  {engine}: opening {CROWD - ACTIVE:,} connections", file=sys.stderr)
            connections = open_connections(servers["crowd"][1], paths["crowd"], CROWD - ACTIVE)
            for turn in range(options.rounds):
                for name in in_turns(servers, turn):
                    process, port = servers[name]
                    cpu_us[name].append(cpu_us_of(process, f"http://127.0.0.1:{port}{paths[name]}", script, ACTIVE, options.seconds))
                print(f"  round {turn + 1}/{options.rounds}", file=sys.stderr)
            if lost := sum(not still_open(connection) for connection in connections):
                fail(f"{lost} of {len(connections)} connections did not stay open")
            idle_before = cpu_of(servers["crowd"][0].pid)
            time.sleep(options.seconds)
            idle = (cpu_of(servers["crowd"][0].pid) - idle_before) / options.seconds * 100
            for connection in connections:
                connection.close()
        print(f"{engine}: {ACTIVE} busy connections among {CROWD:,}: {statistics.median(cpu_us['crowd']):.2f} µs of CPU a GET, alone "
              f"{statistics.median(cpu_us['alone']):.2f}: "
              f"{verdict([a / b for a, b in zip(cpu_us['crowd'], cpu_us['alone'])], CROWD_GOAL, False)}; with nobody busy "
              f"{idle:.1f} % of a core")


def bench_calls(options, directory):
    """Allocations and clock reads of the server's per request."""
    need("cc", "gcc")
    library = pathlib.Path(directory) / "count_calls.so"
    made = subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-o", library, CALLS_SOURCE, "-ldl"],
                          capture_output=True, text=True)
    if made.returncode != 0:
        fail(f"cannot compile {CALLS_SOURCE}:\n{made.stderr}")
    scripts = {method: script_in(directory, method, text) for method, text in (("GET", WRK_REPORT), ("POST", POST_SCRIPT))}
    for workers in (1, 2):
        counts = pathlib.Path(directory) / f"counts{workers}"
        counts.write_bytes(bytes(24))
        command = serve(directory, f"calls{workers}", "--workers", str(workers), "--pool-size", "4")
        environment = {"COUNT_CALLS": str(counts), "LD_PRELOAD": str(library)}
        with running(["env", *(f"{key}={value}" for key, value in environment.items()), *command], directory, f"calls{workers}") as (
                _, port):
            item = create_item(port)
            for method, script in scripts.items():
                url = f"http://127.0.0.1:{port}{item if method == 'GET' else '/items/'}"
                drive(url, script, options.connections, 1)  # what is made once
                before = struct.unpack("3Q", counts.read_bytes())
                cell = drive(url, script, options.connections, options.seconds)
                after = struct.unpack("3Q", counts.read_bytes())
                allocations, size, clock = ((b - a) / cell.requests for a, b in zip(before, after))
                goal = ""
                if method == "GET":
                    goal = f"; goal ≤ {ALLOCATIONS_GOAL}: {'met' if allocations <= ALLOCATIONS_GOAL else 'MISSED'}"
                print(f"{method}, {workers} worker(s): {allocations:.1f} allocations of {size:,.0f} bytes{goal}; {clock:.1f} clock reads")


def bench_wire(options):
    need("wrk", "wrk")
    build(["troupe"])
    benches = {"workers": bench_workers, "crowd": bench_crowd, "calls": bench_calls}
    print(f"{options.rounds} rounds of {options.seconds} s, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before")
    for part in PARTS:
        if options.only in (None, part):
            with tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage) as directory:
                os.chmod(directory, 0o755)  # PostgreSQL runs as another user when we are root
                benches[part](options, directory)
