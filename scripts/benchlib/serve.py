"""scripts/bench serve: requests per second, as ratios to a bare Boost.Beast responder."""
import collections
import contextlib
import os
import pathlib
import statistics
import sys
import tempfile

from .common import (CEILING, MODES, POST_SCRIPT, WRK_REPORT, build, command_of, create_item, drive, in_turns, medians, need,
                     running, sync_ms)
from .fsync import bench_fsync

BARS = {"GET": (0.65, 0.85), "POST": (0.30, 0.55)}  # of the ceiling: at least, and what we aim for; coalescing
WRK_SCRIPTS = {"GET": WRK_REPORT, "POST": POST_SCRIPT}


def measure(ports, paths, directory, options):
    """All rounds of every (method, contender), each a list of cells."""
    scripts = {}
    for method, text in WRK_SCRIPTS.items():
        scripts[method] = pathlib.Path(directory) / f"{method}.lua"
        scripts[method].write_text(text)
    cells = collections.defaultdict(list)
    for turn in range(options.rounds):
        for method in BARS:
            for contender in in_turns(ports, turn):
                path = paths[contender] if method == "GET" else "/items/"
                url = f"http://127.0.0.1:{ports[contender]}{path}"
                cells[method, contender].append(drive(url, scripts[method], options.connections, options.seconds))
                print(f"  round {turn + 1}/{options.rounds}: {method} {contender}: "
                      f"{cells[method, contender][-1].rate:,.0f}/s", file=sys.stderr)
    return cells


def report(cells, contenders):
    print(f"{'request':8} {'server':10} {'requests/s':>11} {'p50 ms':>7} {'p99 ms':>7} {'of ceiling':>11}  bar")
    for method, (bar, aim) in BARS.items():
        ratios = {}
        for contender in contenders:
            rounds = cells[method, contender]
            typical = medians(rounds)
            ratios[contender] = statistics.median(
                own.rate / ceiling.rate for own, ceiling in zip(rounds, cells[method, CEILING]))
            verdict = ""
            if contender == MODES[0]:
                verdict = f"{'ok' if ratios[contender] >= bar else 'MISSED'}: at least {bar:.2f}, aim {aim:.2f}"
            print(f"{method:8} {contender:10} {typical.rate:11,.0f} {typical.p50_ms:7.2f} {typical.p99_ms:7.2f} "
                  f"{ratios[contender]:11.2f}  {verdict}")
        if len(ratios) > 1:
            coalesce, pipeline, off = (ratios[mode] for mode in MODES)
            print(f"{method:8} {'ok' if coalesce > pipeline > off else 'MISSED'}: {' > '.join(MODES)}")


def bench_serve(options):
    if options.fsync_delay:
        return bench_fsync(options)
    need("wrk", "wrk")
    contenders = [CEILING] if options.only == CEILING else [CEILING, *MODES]
    build(["beast_responder"] if contenders == [CEILING] else ["troupe", "beast_responder"])
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage))
        os.chmod(directory, 0o755)  # PostgreSQL runs as another user when we are root
        ports = {name: stack.enter_context(running(command_of(name, directory), directory, name))[1]
                 for name in contenders}
        paths = {name: create_item(port) for name, port in ports.items()}
        print(f"wrk -t1 -c{options.connections} -d{options.seconds}s, {options.rounds} rounds, {os.cpu_count()} cores, "
              f"load average {os.getloadavg()[0]:.1f} before; data in {directory}, where a forced write takes "
              f"{sync_ms(directory):.2f} ms")
        cells = measure(ports, paths, directory, options)
    report(cells, contenders)
