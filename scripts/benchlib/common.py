"""What the parts of scripts/bench share: building, servers, wrk."""
import collections
import contextlib
import json
import math
import os
import pathlib
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RELEASE = ROOT / "build" / "release"
ITEM = json.dumps({"name": "bench item", "description": "an item to read", "price": 9.99}, separators=(",", ":"))
CEILING = "ceiling"
SLOW = "slow"  # the same, each answer after a known time
SLOW_US = 2000
MODES = ("coalesce", "pipeline", "off")

# wrk's own report is for people; this line is for us. Latencies are in microseconds.
WRK_REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""
# cpu_us: what the generator itself used per request, user and system time.
Cell = collections.namedtuple("Cell", "rate p50_ms p99_ms cpu_us requests", defaults=(float("nan"), 0))


def medians(rounds):
    """Of each column of these cells."""
    return Cell(*(statistics.median(column) for column in zip(*rounds)))


def cpu_seconds():
    """Of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fail(message):
    sys.exit(f"bench: {message}")


def need(program, package):
    """Installs Debian's package when the program is missing."""
    if shutil.which(program):
        return
    print(f"bench: installing {package}", file=sys.stderr)
    install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", package]
    if os.geteuid() != 0:
        install.insert(0, "sudo")
    if not shutil.which(install[0]) or subprocess.run(install, stdin=subprocess.DEVNULL).returncode != 0:
        fail(f"could not install the package {package}: install it by hand (Debian: apt-get install {package})")


def build(targets):
    subprocess.run([ROOT / "scripts" / "setup"], check=True)
    subprocess.run([ROOT / "scripts" / "build", "release", *targets], check=True)


@contextlib.contextmanager
def running(command, directory, name):
    """Runs a server until the block ends; gives (its process, its port) once it printed its address."""
    log = pathlib.Path(directory) / f"{name}.log"
    with open(log, "wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while not (address := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))):
            if process.poll() is not None or time.monotonic() > deadline:
                fail(f"{name} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.05)
        yield process, int(address.group(1))
        if process.poll() is not None:
            fail(f"{name} died:\n{log.read_text(errors='replace')[-4000:]}")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.returncode not in (0, -signal.SIGTERM):
            print(f"bench: {name} ended with {process.returncode} when told to stop", file=sys.stderr)


def command_of(contender, storage):
    if contender == CEILING:
        return [RELEASE / "bench" / "beast_responder", "0"]
    if contender == SLOW:
        return [RELEASE / "bench" / "beast_responder", "0", "1", str(SLOW_US)]
    return [RELEASE / "troupe", "serve", "--port", "0", "--batching", contender,
            "--data-dir", pathlib.Path(storage) / contender]


def create_item(port):
    """The path of a new item."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/items/", ITEM.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return f"/items/{json.load(response)['id']}"


def drive(url, script, connections, seconds):
    """One run of wrk on one thread; the script must contain WRK_REPORT."""
    before = cpu_seconds()
    run = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script, url],
                         capture_output=True, text=True)
    result = re.search(r"^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$", run.stdout, re.MULTILINE)
    if run.returncode != 0 or not result:
        fail(f"wrk failed on {url}:\n{run.stdout}{run.stderr}")
    requests, duration_us, p50_us, p99_us, errors = map(int, result.groups())
    if errors or not requests:
        fail(f"{errors} of {requests} requests failed: {url}, {pathlib.Path(script).name}")
    return Cell(requests / duration_us * 1e6, p50_us / 1000, p99_us / 1000, (cpu_seconds() - before) / requests * 1e6, requests)


def in_turns(contenders, turn):
    """Their order in this round: nobody always comes first, nor always after the same neighbour's load."""
    order = list(contenders)
    shift = turn % len(order)
    return order[shift:] + order[:shift]


def interval(ratios):
    """The geometric mean, and where it lies with 95 %: Student's t on the logarithms."""
    logs = [math.log(ratio) for ratio in ratios]
    mean = statistics.mean(logs)
    t = {5: 2.776, 10: 2.262, 20: 2.093, 30: 2.045}.get(len(logs), 2.0 if len(logs) > 20 else 2.3)
    half = t * statistics.stdev(logs) / math.sqrt(len(logs)) if len(logs) > 1 else math.inf
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)
