"""scripts/bench simulate: `troupe simulate` beside wrk and Locust, all on the bare responder, one generator thread each."""
import collections
import contextlib
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from .common import CEILING, RELEASE, SLOW, WRK_REPORT, Cell, build, command_of, cpu_seconds, drive, fail, in_turns, medians, need, running

LOCUST_USERS = 50
SLOW_CONNECTIONS = (4, 16, 64)  # to a server whose answers take a known time: neither it nor a generator is the limit

# A request of its own, not "get": the responder has no list of items to probe.
SCENARIO = """
[[task]]
do = "request"
method = "GET"
path = "/items/1"
"""
LOCUST_FILE = """
from locust import FastHttpUser, HttpUser, constant, task

class Fast(FastHttpUser):
    wait_time = constant(0)
    @task
    def read(self):
        self.client.get("/items/1")

class Plain(HttpUser):
    wait_time = constant(0)
    @task
    def read(self):
        self.client.get("/items/1")
"""

# Whose figure is divided by whose, and the smallest and largest good ratio: None where there is no end to good.
Comparison = collections.namedtuple("Comparison", "title ours theirs field at_least at_most aim")
COMPARISONS = (
    Comparison("troupe / wrk, rate", "troupe", "wrk", "rate", 0.95, None, "1.0"),
    Comparison("troupe / wrk, CPU a request", "troupe", "wrk", "cpu_us", None, None, None),
    *(Comparison(f"troupe / wrk, p50 2 ms -c{n}", f"troupe 2 ms -c{n}", f"wrk 2 ms -c{n}", "p50_ms", 0.95, 1.05, None)
      for n in SLOW_CONNECTIONS),
    Comparison("troupe / FastHttpUser, rate", f"troupe -c{LOCUST_USERS}", "Locust FastHttpUser", "rate", 15, None, None),
    Comparison("troupe / HttpUser, rate", f"troupe -c{LOCUST_USERS}", "Locust HttpUser", "rate", 50, None, None),
    # No bars of ours: what the fastest generator there is reaches where responder and generator share the cores.
    Comparison("wrk / FastHttpUser, rate", "wrk", "Locust FastHttpUser", "rate", None, None, None),
    Comparison("wrk / HttpUser, rate", "wrk", "Locust HttpUser", "rate", None, None, None),
    Comparison("direct / http, rate", "own server, direct", "own server, http", "rate", 5, None, None),
)


def run_of(directory, *arguments, binary=RELEASE / "troupe"):
    """The results of one run of `troupe simulate` in which no request failed."""
    output = pathlib.Path(directory) / "run.json"
    run = subprocess.run([binary, "simulate", "--quiet", "--log-level", "error", "--json", output, *arguments],
                         capture_output=True, text=True)
    if run.returncode != 0:
        fail(f"troupe simulate {' '.join(map(str, arguments))} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    results = json.loads(output.read_text())
    total = results["total"]
    if total["failed"] or not total["requests"]:
        fail(f"{total['failed']} of {total['requests']} requests failed: troupe simulate {' '.join(map(str, arguments))}")
    return results


def simulate(directory, seconds, *arguments, time="response"):
    """What one run measured. wrk's clock starts when it sends: that is what we call service time."""
    before = cpu_seconds()
    total = run_of(directory, "--duration", f"{seconds}s", "--warm-up", "0s", *arguments)["total"]
    times = total["good"][time]
    return Cell(total["rate_per_s"], times["p50_us"] / 1000, times["p99_us"] / 1000,
                (cpu_seconds() - before) / total["requests"] * 1e6)


def locust(directory, seconds, url, user_class):
    """One run of Locust; its latencies are whole milliseconds. It is told to forget what it measured while users came."""
    run = subprocess.run(["locust", "-f", "locust_users.py", "--headless", "--only-summary", "--reset-stats", "--csv", "locust",
                          "-u", str(LOCUST_USERS), "-r", "100", "-t", f"{seconds + 1}s", "--host", url, user_class],
                         cwd=directory, capture_output=True, text=True)
    if run.returncode != 0:
        fail(f"locust ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    with open(pathlib.Path(directory) / "locust_stats.csv", newline="") as file:
        total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
    if int(total["Failure Count"]) or not int(total["Request Count"]):
        fail(f"{total['Failure Count']} of {total['Request Count']} requests failed: locust {user_class}")
    return Cell(float(total["Requests/s"]), float(total["50%"]), float(total["99%"]))


def contenders(directory, port, slow_port, options):
    """What each contender's one run is."""
    folder = pathlib.Path(directory)
    (folder / "read_one.toml").write_text(SCENARIO)
    (folder / "locust_users.py").write_text(LOCUST_FILE)
    (folder / "wrk.lua").write_text(WRK_REPORT)
    url, slow = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{slow_port}"

    def outside(users, target=url, time="response"):
        return lambda: simulate(folder, options.seconds, "--target", target, "--workers", "1", "--users", str(users),
                                "--scenario", folder / "read_one.toml", time=time)

    def own(transport):
        return lambda: simulate(folder, options.seconds, "--stand-in-database", "--transport", transport, "--users",
                                str(options.connections), "--scenario", "read")

    def wrk(connections, target=url):
        return lambda: drive(f"{target}/items/1", folder / "wrk.lua", connections, options.seconds)

    return {
        "troupe": outside(options.connections),
        "wrk": wrk(options.connections),
        **{f"troupe 2 ms -c{n}": outside(n, slow, "service") for n in SLOW_CONNECTIONS},
        **{f"wrk 2 ms -c{n}": wrk(n, slow) for n in SLOW_CONNECTIONS},
        f"troupe -c{LOCUST_USERS}": outside(LOCUST_USERS),
        "Locust FastHttpUser": lambda: locust(folder, options.seconds, url, "Fast"),
        "Locust HttpUser": lambda: locust(folder, options.seconds, url, "Plain"),
        "own server, direct": own("direct"),
        "own server, http": own("http"),
    }


def measure(runs, rounds):
    cells = collections.defaultdict(list)
    for turn in range(rounds):
        for name in in_turns(runs, turn):
            cells[name].append(runs[name]())
            print(f"  round {turn + 1}/{rounds}: {name}: {cells[name][-1].rate:,.0f}/s, p50 {cells[name][-1].p50_ms:.3f} ms",
                  file=sys.stderr)
    return cells


def bar_text(comparison, ratio):
    if comparison.at_least is None:
        return ""
    held = ratio >= comparison.at_least and (comparison.at_most is None or ratio <= comparison.at_most)
    bar = f"at least {comparison.at_least:g}"
    if comparison.at_most:
        bar = f"{comparison.at_least:g} to {comparison.at_most:g}"
    aim = f", aim {comparison.aim}" if comparison.aim else ""
    return f"{'ok' if held else 'MISSED'}: {bar}{aim}"


def report(cells):
    print(f"{'generator':24} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>7}")
    for name, rounds in cells.items():
        typical = medians(rounds)
        print(f"{name:24} {typical.rate:11,.0f} {typical.p50_ms:8.3f} {typical.p99_ms:8.3f} {typical.cpu_us:7.2f}")
    print(f"\n{'compared':27} {'ratio':>7} {'rounds':>15}  bar")
    for comparison in COMPARISONS:
        ratios = [getattr(own, comparison.field) / getattr(other, comparison.field)
                  for own, other in zip(cells[comparison.ours], cells[comparison.theirs])]
        ratio = statistics.median(ratios)
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"{comparison.title:27} {ratio:7.2f} {spread:>15}  {bar_text(comparison, ratio)}")


def bench_simulate(options):
    need("wrk", "wrk")
    need("locust", "python3-locust")
    build(["troupe", "beast_responder"])
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage))
        _, port = stack.enter_context(running(command_of(CEILING, directory), directory, CEILING))
        _, slow_port = stack.enter_context(running(command_of(SLOW, directory), directory, SLOW))
        print(f"{options.seconds} s each, {options.rounds} rounds, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} "
              f"before; troupe and wrk with one thread and {options.connections} connections where no number is told, "
              f"Locust with {LOCUST_USERS}")
        cells = measure(contenders(directory, port, slow_port, options), options.rounds)
    report(cells)
