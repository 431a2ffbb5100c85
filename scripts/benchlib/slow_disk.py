"""PostgreSQLs whose forced writes take longer than the disk's own: slow_fsync.c stands between them and libc."""
import argparse
import contextlib
import os
import pathlib
import re
import subprocess
import sys

from .common import ROOT, fail, need
from .postgres import Postgres, programs

SOURCE = pathlib.Path(__file__).with_name("slow_fsync.c")
UNITS_US = {"us": 1, "µs": 1, "ms": 1000, "s": 1_000_000}
# As an embedded cluster's (src/postgres/cluster/postmaster.cpp), but for room for the largest pool, and with forced writes timed. The
# method is one that the shim delays.
SETTINGS = {"shared_buffers": "128MB", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "jit": "off",
            "logging_collector": "off", "max_connections": "200", "wal_sync_method": "fdatasync",
            "track_wal_io_timing": "on"}


def delays(text):
    """Of a command line, as `0ms,2ms,500us`; in microseconds."""
    found = []
    for part in text.split(","):
        duration = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(us|µs|ms|s)\s*", part)
        if not duration and part.strip() != "0":
            raise argparse.ArgumentTypeError(f"{part!r} is not a duration such as 2ms")
        found.append(round(float(duration.group(1)) * UNITS_US[duration.group(2)]) if duration else 0)
    return found


def delay_name(delay_us):
    return f"+{delay_us / 1000:g}ms"


class SlowDisk:
    """The compiled shim, in a directory that lets programs be mapped (/dev/shm may not)."""

    def __init__(self, directory):
        need("cc", "gcc")
        self.library = pathlib.Path(directory) / "slow_fsync.so"
        made = subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-o", self.library, SOURCE, "-ldl"],
                              capture_output=True, text=True)
        if made.returncode != 0:
            fail(f"cannot compile {SOURCE}:\n{made.stderr}")

    def environment(self, delay_us):
        """What a process needs in its environment; su and sudo would take LD_PRELOAD away again."""
        others = os.environ.get("LD_PRELOAD")
        return {"LD_PRELOAD": f"{self.library}:{others}" if others else str(self.library), "FORCED_WRITE_DELAY_US": str(delay_us)}

    def forced_write_ms(self, delay_us, folder):
        """What a forced write takes there in truth: the disk's own time, the delay, and what waking up costs."""
        program = "import sys; from benchlib.common import sync_ms; print(sync_ms(sys.argv[1]))"
        run = subprocess.run([sys.executable, "-B", "-c", program, folder], cwd=ROOT / "scripts", capture_output=True, text=True,
                             env={**os.environ, **self.environment(delay_us)})
        if run.returncode != 0:
            fail(f"cannot measure a forced write:\n{run.stderr}")
        if float(run.stdout) * 1000 < delay_us:
            fail(f"a forced write through {self.library} takes {float(run.stdout):.3f} ms: less than {delay_us / 1000:g} ms")
        return float(run.stdout)

    def check(self, database):
        """That this PostgreSQL has it loaded."""
        if self.library.name not in pathlib.Path(f"/proc/{database.process.pid}/maps").read_text():
            fail(f"PostgreSQL runs without {self.library}")


@contextlib.contextmanager
def slow_clusters(disk, directory, delays_us):
    """{delay: a PostgreSQL of its own that runs}: copies of one, whose making is not slowed. All have the shim, with no delay, too."""
    folder = programs("postgres", "psql", "pg_isready")
    if folder is None:
        fail("PostgreSQL is missing: run scripts/setup (Debian: apt-get install postgresql)")
    template = Postgres(folder, pathlib.Path(directory) / "template").make()
    with contextlib.ExitStack() as stack:
        clusters = {}
        for delay_us in delays_us:
            cluster = template.copy(pathlib.Path(directory) / f"disk{delay_us}")
            clusters[delay_us] = stack.enter_context(cluster.running(SETTINGS, disk.environment(delay_us)))
            disk.check(cluster)
        yield clusters
