"""A PostgreSQL of a bench's own: made as a user that is not root, on a Unix socket, its data thrown away at the end."""
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time
import urllib.parse

from .common import fail

OWNER = "owner"


def programs(*needed):
    """The folder of initdb and the needed programs; Debian keeps them beside the server, out of the PATH."""
    folders = []
    if shutil.which("pg_config"):
        folders.append(pathlib.Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip()))
    folders += sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((folder for folder in folders if all((folder / name).exists() for name in ("initdb", *needed))), None)


def as_user():
    """For subprocess: as whom PostgreSQL runs, which does not as root, and in a folder that anybody may enter."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/"}
    return fail("there is neither a user postgres nor nobody to run PostgreSQL as")


class Postgres:
    """A cluster in a folder, `home`, which is its socket's directory as well."""

    def __init__(self, folder, home):
        self.folder = folder
        self.home = pathlib.Path(home).absolute()  # PostgreSQL starts elsewhere
        self.process = None

    def make(self):
        """A new one: nothing of it is forced to the disk."""
        self.home.mkdir()
        user = as_user()
        if "user" in user:
            os.chown(self.home, user["user"], user["group"])
        made = subprocess.run([self.folder / "initdb", "-N", "-A", "trust", "-U", OWNER, "-E", "UTF8", "--no-locale", "-D",
                               self.home / "data"], capture_output=True, text=True, stdin=subprocess.DEVNULL, **user)
        if made.returncode != 0:
            fail(f"cannot make a PostgreSQL: {made.stderr}")
        return self

    def copy(self, home):
        """Another one, from one that does not run."""
        subprocess.run(["cp", "-a", self.home, home], check=True)
        return Postgres(self.folder, home)

    @contextlib.contextmanager
    def running(self, settings=None, environment=None):
        """Until the block ends; gives the cluster itself."""
        command = [self.folder / "postgres", "-D", self.home / "data", "-k", self.home, "-c", "listen_addresses="]
        for key, value in (settings or {}).items():
            command += ["-c", f"{key}={value}"]
        log = self.home / "log"
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            env={**os.environ, **(environment or {})}, **as_user())
        try:
            self.wait_until_ready(log)
            yield self
        finally:
            self.process.send_signal(signal.SIGQUIT)  # without a last checkpoint: its data are thrown away
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def wait_until_ready(self, log):
        deadline = time.monotonic() + 60
        while subprocess.run([self.folder / "pg_isready", "-q", "-h", self.home]).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)

    def url(self, user=OWNER):
        return f"postgresql://{user}@/postgres?host={urllib.parse.quote(str(self.home), safe='')}"

    def run_sql(self, *statements):
        """Each in a transaction of its own; gives what they print."""
        command = [self.folder / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.home, "-U", OWNER, "postgres"]
        for statement in statements:
            command += ["-c", statement]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            fail(f"{statements}: {run.stderr}")
        return run.stdout.strip()
