"""scripts/bench serve: requests per second, as ratios to bare responders: Boost.Beast's on epoll, and one of io_uring alone."""
import collections
import contextlib
import os
import pathlib
import statistics
import sys
import tempfile

from .common import (CEILING, ENGINES, MODES, POST_SCRIPT, RING, WRK_REPORT, build, command_of, cpu_of, create_item, drive, in_turns,
                     interval, medians, need, running, sync_ms)
from .fsync import bench_fsync

# (method, contender, beside whom): at least so much of its rate.
GOALS = {
    ("GET", "io_uring", CEILING): 1.0,
    ("GET", "epoll", CEILING): 0.88,
    ("GET", "io_uring", RING): 0.75,
    ("POST", "io_uring", CEILING): 0.55,
}
WRK_SCRIPTS = {"GET": WRK_REPORT, "POST": POST_SCRIPT}
Measured = collections.namedtuple("Measured", "cell cpu_us")


def measure(servers, paths, directory, options):
    """All rounds of every (method, contender), each a list of cells and what the server used per request."""
    scripts = {}
    for method, text in WRK_SCRIPTS.items():
        scripts[method] = pathlib.Path(directory) / f"{method}.lua"
        scripts[method].write_text(text)
    rounds = collections.defaultdict(list)
    for turn in range(options.rounds):
        for method in WRK_SCRIPTS:
            for contender in in_turns(servers, turn):
                process, port = servers[contender]
                path = paths[contender] if method == "GET" else "/items/"
                before = cpu_of(process.pid)
                cell = drive(f"http://127.0.0.1:{port}{path}", scripts[method], options.connections, options.seconds)
                rounds[method, contender].append(Measured(cell, (cpu_of(process.pid) - before) / cell.requests * 1e6))
                print(f"  round {turn + 1}/{options.rounds}: {method} {contender}: {cell.rate:,.0f}/s", file=sys.stderr)
    return rounds


def ratio(rounds, method, contender, beside):
    quotients = [own.cell.rate / other.cell.rate for own, other in zip(rounds[method, contender], rounds[method, beside])]
    mean, low, high = interval(quotients)
    goal = GOALS.get((method, contender, beside))
    verdict = "" if goal is None else f"  ≥ {goal:g}: {'met' if mean >= goal else 'MISSED'}{', not surely' if low < goal < high else ''}"
    return mean, f"{method:5} {contender:9} of {beside:9} {mean:6.2f}  ({low:.2f} to {high:.2f}){verdict}"


def report(rounds, contenders):
    print(f"{'':5} {'server':9} {'requests/s':>11} {'p50 ms':>7} {'p99 ms':>7} {'CPU µs/request':>15}")
    for method in WRK_SCRIPTS:
        for contender in contenders:
            cell = medians([each.cell for each in rounds[method, contender]])
            cpu_us = statistics.median(each.cpu_us for each in rounds[method, contender])
            print(f"{method:5} {contender:9} {cell.rate:11,.0f} {cell.p50_ms:7.2f} {cell.p99_ms:7.2f} {cpu_us:15.2f}")
    if CEILING not in contenders or len(contenders) == 1:
        return
    print()
    for method in WRK_SCRIPTS:
        means = {}
        for contender in contenders:
            for beside in (CEILING, RING):
                if contender == beside or contender == CEILING:
                    continue
                means[contender, beside], line = ratio(rounds, method, contender, beside)
                print(line)
        best, pipeline, off = (means[name, CEILING] for name in (ENGINES[0], *MODES[1:]))
        print(f"{method:5} {'met' if best > pipeline > off else 'MISSED'}: {' > '.join(MODES)}")


def bench_serve(options):
    if options.fsync_delay:
        return bench_fsync(options)
    need("wrk", "wrk")
    contenders = [CEILING] if options.only == CEILING else [CEILING, RING, *ENGINES, *MODES[1:]]
    build(["beast_responder"] if contenders == [CEILING] else ["troupe", "beast_responder", "uring_responder"])
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage))
        os.chmod(directory, 0o755)  # PostgreSQL runs as another user when we are root
        servers = {name: stack.enter_context(running(command_of(name, directory), directory, name)) for name in contenders}
        paths = {name: create_item(port) for name, (_, port) in servers.items()}
        print(f"wrk -t1 -c{options.connections} -d{options.seconds}s, {options.rounds} rounds, {os.cpu_count()} cores, "
              f"load average {os.getloadavg()[0]:.1f} before; data in {directory}, where a forced write takes "
              f"{sync_ms(directory):.2f} ms")
        rounds = measure(servers, paths, directory, options)
    report(rounds, contenders)
