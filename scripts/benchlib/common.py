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
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RELEASE = ROOT / "build" / "release"
ITEM = json.dumps({"name": "bench item", "description": "an item to read", "price": 9.99}, separators=(",", ":"))
CEILING = "ceiling"
RING = "ring"  # the ceiling of one that does nothing but io_uring
SLOW = "slow"  # the same, each answer after a known time
SLOW_US = 2000
MODES = ("coalesce", "pipeline", "off")
ENGINES = ("io_uring", "epoll")

# wrk's own report is for people; this line is for us. Latencies are in microseconds.
WRK_REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""
POST_SCRIPT = f"""
wrk.method = "POST"
wrk.body = '{ITEM}'
wrk.headers["Content-Type"] = "application/json"
""" + WRK_REPORT
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
        while not (address := re.search(r"https?://127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))):
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


def baseline_binary(chosen):
    """A program as it is, or a commit's, which is built once beside the build of today."""
    if pathlib.Path(chosen).is_file():
        return pathlib.Path(chosen).absolute()
    found = subprocess.run(["git", "-C", ROOT, "rev-parse", "--verify", "--quiet", "--short=7", f"{chosen}^{{commit}}"],
                           capture_output=True, text=True)
    if found.returncode != 0:
        fail(f"--baseline {chosen} is neither a program nor a commit")
    commit = found.stdout.strip()
    tree = ROOT / "build" / f"baseline-{commit}"
    binary = tree / "build" / "release" / "troupe"
    if not binary.exists():
        print(f"bench: building {commit} in {tree}", file=sys.stderr)
        if not tree.exists():
            subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", tree, commit], check=True)
        for command in (["setup"], ["build", "release", "troupe"]):
            subprocess.run([tree / "scripts" / command[0], *command[1:]], check=True, stdin=subprocess.DEVNULL)
    return binary


def command_of(contender, storage):
    if contender == CEILING:
        return [RELEASE / "bench" / "beast_responder", "0"]
    if contender == RING:
        return [RELEASE / "bench" / "uring_responder", "0"]
    if contender == SLOW:
        return [RELEASE / "bench" / "beast_responder", "0", "1", str(SLOW_US)]
    flags = ["--io", contender] if contender in ENGINES else ["--batching", contender]
    return [RELEASE / "troupe", "serve", "--port", "0", *flags, "--data-dir", pathlib.Path(storage) / contender]


def cpu_of(pid):
    """Seconds that a process has used, in user and system mode."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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


def sync_ms(storage):
    """What a durable commit costs here at least: the median time of an 8 KiB write that is forced to the disk."""
    times = []
    with tempfile.TemporaryFile(dir=storage) as file:
        for _ in range(50):
            start = time.monotonic()
            os.pwrite(file.fileno(), bytes(8192), 0)
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - start)
    return statistics.median(times) * 1000


def in_turns(contenders, turn):
    """Their order in this round: nobody always comes first, nor always after the same neighbour's load."""
    order = list(contenders)
    shift = turn % len(order)
    return order[shift:] + order[:shift]


# Student's t for 95 %, by degrees of freedom from 1; for more of them the last one is a little wide.
T_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045)


def interval(ratios):
    """The geometric mean, and where it lies with 95 %: Student's t on the logarithms."""
    logs = [math.log(ratio) for ratio in ratios]
    mean = statistics.mean(logs)
    if len(logs) == 1:
        return math.exp(mean), 0.0, math.inf
    half = T_95[min(len(logs) - 1, len(T_95)) - 1] * statistics.stdev(logs) / math.sqrt(len(logs))
    return math.exp(mean), math.exp(mean - half), math.exp(mean + half)
