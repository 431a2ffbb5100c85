"""Starts and stops Troupe, its peers and a PostgreSQL for each: what scripts/compare and tests/contract share."""
import contextlib
import ctypes
import dataclasses
import functools
import http.client
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PDEATHSIG = 1  # prctl(2)
# The pools of the peers may open 50 connections in each of their processes.
POSTGRES_SETTINGS = {"listen_addresses": "127.0.0.1", "max_connections": str(50 * (os.cpu_count() or 1) + 50), "logging_collector": "off"}


class ServerError(Exception):
    """A server could not be started or died; the text is for the user."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def die_with_parent():
    ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGTERM)


def spawn(command, log, env=None, **options):
    # A session of its own: Ctrl-C reaches only this script, which then stops everything in order.
    with open(log, "ab") as output:
        return subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                env=env, start_new_session=True, preexec_fn=die_with_parent, **options)


def stop(process, first_signal=signal.SIGTERM, patience_s=15):
    """Ends a process and all it started."""
    if process.poll() is None:
        process.send_signal(first_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tail(log):
    return pathlib.Path(log).read_text(errors="replace")[-3000:].strip()


# --- PostgreSQL

@functools.lru_cache
def postgres_directory():
    """Where initdb and postgres are."""
    versions = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which("initdb")
    if not found:
        raise ServerError("PostgreSQL is not installed: run scripts/setup (Debian: apt-get install postgresql)")
    return pathlib.Path(found).parent


def postgres_user():
    """What subprocess needs to run PostgreSQL, which refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ServerError("there is neither a user postgres nor nobody to run PostgreSQL as")


class Cluster:
    """One PostgreSQL with an empty database `items`, on a loopback port."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.port = free_port()
        self.process = None

    @property
    def url(self):
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run_sql(self, text):
        run = subprocess.run([postgres_directory() / "psql", "-XqAt", "-d", self.url, "-c", text], capture_output=True, text=True)
        if run.returncode != 0:
            raise ServerError(f"psql: {run.stderr.strip()}")
        return run.stdout.strip()

    def start(self):
        settings = {**POSTGRES_SETTINGS, "port": str(self.port), "unix_socket_directories": ""}
        command = [postgres_directory() / "postgres", "-D", self.directory / "data"]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        self.process = spawn(command, self.directory / "postgres.log", cwd="/", **postgres_user())
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(ServerError):
                self.run_sql("SELECT 1")
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL did not start:\n{tail(self.directory / 'postgres.log')}")
            time.sleep(0.05)

    def stop(self):
        if self.process:
            stop(self.process, signal.SIGINT)  # a fast shutdown: does not wait for clients


@contextlib.contextmanager
def clusters(directory, count):
    """So many running clusters that are alike: made from one."""
    directory = pathlib.Path(directory)
    template = directory / "template"
    template.mkdir(parents=True)
    user = postgres_user()
    if user:
        os.chown(template, user["user"], user["group"])
    run = subprocess.run([postgres_directory() / "initdb", "-D", template / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", **user)
    if run.returncode != 0:
        raise ServerError(f"initdb failed: {run.stderr.strip()}")
    with contextlib.ExitStack() as stack:
        made = []
        for number in range(count):
            subprocess.run(["cp", "-a", template, directory / f"cluster{number}"], check=True)
            cluster = Cluster(directory / f"cluster{number}")
            stack.callback(cluster.stop)
            cluster.start()
            made.append(cluster)
        yield made


@contextlib.contextmanager
def work_directory(parent=None):
    """A temporary directory that PostgreSQL's user can enter, too."""
    with tempfile.TemporaryDirectory(prefix="troupe-peers-", dir=parent) as directory:
        os.chmod(directory, 0o755)
        yield pathlib.Path(directory)


# --- the apps

def troupe_binary():
    return pathlib.Path(os.environ.get("TROUPE_BINARY") or ROOT / "build" / "release" / "troupe")


def clean_environment():
    """Without our own variable: troupe takes TROUPE_… for settings and refuses one it does not know."""
    return {key: value for key, value in os.environ.items() if key != "TROUPE_BINARY"}


@dataclasses.dataclass(frozen=True)
class App:
    name: str   # of its directory
    title: str  # for people
    port: int   # the original's

    @property
    def run_script(self):
        return ROOT / "peers" / self.name / "run"

    def check(self):
        """(its versions, why it cannot be run here): one of the two is empty."""
        command = [troupe_binary(), "--version"] if self.name == "troupe" else [self.run_script, "--check"]
        try:
            run = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
        except OSError as error:
            return "", f"{command[0]}: {error.strerror}"
        if run.returncode == 0:
            return run.stdout.strip(), ""
        return "", run.stderr.strip() or f"{command[0]} {command[1]} failed"

    def command(self, port, database_url):
        if self.name == "troupe":
            return [troupe_binary(), "serve", "--port", port, "--database-url", database_url]
        return [self.run_script]

    def start(self, port, database_url, log):
        """The process, once it answers."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise ServerError(f"{self.title}: port {port} is taken by another program; stop that first")
        env = {**clean_environment(), "HOST": "127.0.0.1", "PORT": str(port), "DATABASE_URL": database_url, "PYTHONDONTWRITEBYTECODE": "1"}
        process = spawn(self.command(port, database_url), log, env, cwd="/")
        try:
            wait_until_it_answers(self, process, port, log)
        except BaseException:
            stop(process)
            raise
        return process


def wait_until_it_answers(app, process, port, log):
    deadline = time.monotonic() + 60
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServerError(f"{app.title} did not start:\n{tail(log)}")
        time.sleep(0.05)


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/items/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


APPS = (
    App("troupe", "Troupe", 8080),
    App("fastify", "Fastify", 3000),
    App("fastapi", "FastAPI", 8000),
    App("flask", "Flask", 5000),
    App("drf", "Django REST Framework", 8001),
)
