"""scripts/bench simulate: `troupe simulate` beside wrk and Locust, on the bare responder or a server behind a login, one generator thread each."""
import collections
import contextlib
import csv
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

from .common import CEILING, ENGINES, RELEASE, SLOW, WRK_REPORT, Cell, build, command_of, cpu_seconds, drive, fail, in_turns, medians, need, running
from .front import front

LOCUST_USERS = 50
SLOW_CONNECTIONS = (4, 16, 64)  # to a server whose answers take a known time: neither it nor a generator is the limit

# A request of its own, not "get": the responder has no list of items to probe.
SCENARIO = """
[[task]]
do = "request"
method = "GET"
path = "/items/1"
"""
HEADERS_SCENARIO = """
[[task]]
name = "item"
method = "GET"
path = "/items/1"
headers = { Accept = "application/json", X-Shop = "7" }
checks = { status = [200] }
"""
LOGIN_SCENARIO = """
[[user]]
name = "guest"
think_time = { kind = "constant", value = "%s" }
[[user.start]]
name = "login"
method = "POST"
path = "/login"
json = { user = "u{user}" }
extract = { token = "/access_token" }
[[user.task]]
name = "private"
method = "GET"
path = "/private"
auth = { bearer = "{token}" }
"""
MANY_USERS = 50_000
MANY_USERS_MIB = 300  # at most
OTHER_FILES = 500  # that the generator has open, beside its users' sockets
LOCUST_FILE = """
from locust import FastHttpUser, HttpUser, constant, task

class Login(FastHttpUser):
    wait_time = constant(0)
    def on_start(self):
        self.fields = {"Authorization": "Bearer " + self.client.post("/login", json={"user": "u"}).json()["access_token"]}
    @task
    def read(self):
        self.client.get("/private", headers=self.fields)

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

CLIENT = "client"  # --only: what the HTTP client costs

# Whose figure is divided by whose, and the smallest and largest good ratio: None where there is no end to good.
Comparison = collections.namedtuple("Comparison", "title ours theirs field at_least at_most aim")
COMPARISONS = (
    Comparison("troupe / wrk, rate", "troupe", "wrk", "rate", 0.95, None, "1.0"),
    *(Comparison(f"troupe {io} / wrk, CPU", f"troupe {io}", "wrk", "cpu_us", None, bar, None)
      for io, bar in zip(ENGINES, (0.77, 1.0))),
    Comparison("headers, check / plain, CPU", "troupe, headers", f"troupe {ENGINES[0]}", "cpu_us", None, 1.1, None),
    Comparison("token, cookie / plain, CPU", "troupe, login", "troupe, nginx", "cpu_us", None, 1.25, None),
    Comparison("troupe / wrk, https, CPU", "troupe, https", "wrk, https", "cpu_us", None, 1.1, None),
    Comparison("FastHttpUser / troupe, CPU", "Locust login", f"troupe, login -c{LOCUST_USERS}", "cpu_us", 10, None, None),
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
    idle = cpu_seconds()
    subprocess.run(["locust", "-f", "locust_users.py", "--list"], cwd=directory, capture_output=True, check=True)
    before = cpu_seconds()
    start_up = before - idle  # Python's and its libraries', which is not the requests'
    run = subprocess.run(["locust", "-f", "locust_users.py", "--headless", "--only-summary", "--reset-stats", "--csv", "locust",
                          "-u", str(LOCUST_USERS), "-r", "100", "-t", f"{seconds + 1}s", "--host", url, user_class],
                         cwd=directory, capture_output=True, text=True)
    if run.returncode != 0:
        fail(f"locust ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    with open(pathlib.Path(directory) / "locust_stats.csv", newline="") as file:
        total = next(row for row in csv.DictReader(file) if row["Name"] == "Aggregated")
    if int(total["Failure Count"]) or not int(total["Request Count"]):
        fail(f"{total['Failure Count']} of {total['Request Count']} requests failed: locust {user_class}")
    requests = int(total["Request Count"])
    return Cell(float(total["Requests/s"]), float(total["50%"]), float(total["99%"]),
                (cpu_seconds() - before - start_up) / requests * 1e6, requests)


def contenders(directory, port, slow_port, behind_login, options):
    """What each contender's one run is."""
    folder = pathlib.Path(directory)
    nginx, nginx_https, certificate = behind_login
    (folder / "read_one.toml").write_text(SCENARIO)
    (folder / "headers.toml").write_text(HEADERS_SCENARIO)
    (folder / "login.toml").write_text(LOGIN_SCENARIO % "0s")
    (folder / "locust_users.py").write_text(LOCUST_FILE)
    (folder / "wrk.lua").write_text(WRK_REPORT)
    url, slow = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{slow_port}"

    def outside(users, target=url, *flags, time="response", scenario="read_one.toml"):
        return lambda: simulate(folder, options.seconds, "--target", target, "--workers", "1", "--users", str(users),
                                "--scenario", folder / scenario, *flags, time=time)

    def own(transport):
        return lambda: simulate(folder, options.seconds, "--stand-in-database", "--transport", transport, "--users",
                                str(options.connections), "--scenario", "read")

    def wrk(connections, target=url):
        return lambda: drive(f"{target}/items/1", folder / "wrk.lua", connections, options.seconds)

    return {
        "troupe": outside(options.connections),
        "wrk": wrk(options.connections),
        **{f"troupe {io}": outside(options.connections, url, "--io", io) for io in ENGINES},
        "troupe, headers": outside(options.connections, url, "--io", ENGINES[0], scenario="headers.toml"),
        "troupe, nginx": outside(options.connections, nginx),
        "troupe, login": outside(options.connections, nginx, scenario="login.toml"),
        "troupe, https": outside(options.connections, nginx_https, "--cacert", certificate),
        "wrk, https": wrk(options.connections, nginx_https),
        f"troupe, login -c{LOCUST_USERS}": outside(LOCUST_USERS, nginx, scenario="login.toml"),
        "Locust login": lambda: locust(folder, options.seconds, nginx, "Login"),
        **{f"troupe 2 ms -c{n}": outside(n, slow, time="service") for n in SLOW_CONNECTIONS},
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


def resident_mib(directory, url, users):
    """The most memory that a run had in which so many users, each with a cookie and a token, came back every few seconds."""
    folder = pathlib.Path(directory)
    (folder / "many.toml").write_text(LOGIN_SCENARIO % "5s")
    with open(folder / "many.log", "wb") as log:
        run = subprocess.Popen([RELEASE / "troupe", "simulate", "--quiet", "--log-level", "error", "--json", folder / "many.json",
                                "--target", url, "--users", str(users), "--duration", "12s", "--scenario", folder / "many.toml"],
                               stdout=log, stderr=log)
        _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    if run.returncode != 0:
        fail(f"troupe simulate with {users} users ended with {run.returncode}:\n{(folder / 'many.log').read_text()}")
    total = json.loads((folder / "many.json").read_text())["total"]
    if total["failed"] or total["requests"] < users:
        fail(f"{total['failed']} of {total['requests']} requests of {users} users failed")
    return used.ru_maxrss / 1024


def report_many_users(directory, url):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    users = MANY_USERS if hard == resource.RLIM_INFINITY else min(MANY_USERS, hard - OTHER_FILES)
    mib, how = resident_mib(directory, url, users), "measured"
    if users < MANY_USERS:
        few = resident_mib(directory, url, 1)
        mib, how = few + (mib - few) / users * MANY_USERS, f"from what {users:,} take: the limit of open files is {hard:,}"
    held = "ok" if mib <= MANY_USERS_MIB else "MISSED"
    print(f"{MANY_USERS:,} users with a cookie and a token: {mib:.0f} MiB ({how}; {held}: at most {MANY_USERS_MIB})")


def bar_text(comparison, ratio):
    least, most = comparison.at_least, comparison.at_most
    if least is None and most is None:
        return ""
    held = (least is None or ratio >= least) and (most is None or ratio <= most)
    bar = f"at least {least:g}" if most is None else f"at most {most:g}" if least is None else f"{least:g} to {most:g}"
    aim = f", aim {comparison.aim}" if comparison.aim else ""
    return f"{'ok' if held else 'MISSED'}: {bar}{aim}"


def report(cells):
    print(f"{'generator':24} {'requests/s':>11} {'p50 ms':>8} {'p99 ms':>8} {'CPU us':>7}")
    for name, rounds in cells.items():
        typical = medians(rounds)
        print(f"{name:24} {typical.rate:11,.0f} {typical.p50_ms:8.3f} {typical.p99_ms:8.3f} {typical.cpu_us:7.2f}")
    print(f"\n{'compared':27} {'ratio':>7} {'rounds':>15}  bar")
    for comparison in COMPARISONS:
        if not {comparison.ours, comparison.theirs} <= cells.keys():
            continue
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
        _, *behind_login = stack.enter_context(front(directory))
        runs = contenders(directory, port, slow_port, behind_login, options)
        if options.only == CLIENT:
            compared = {name for comparison in COMPARISONS if comparison.field == "cpu_us" for name in comparison[1:3]}
            runs = {name: run for name, run in runs.items() if name in compared}
        report(measure(runs, options.rounds))
        report_many_users(directory, behind_login[0])
