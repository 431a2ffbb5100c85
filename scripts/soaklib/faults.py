"""What goes wrong during a soak, one after the other."""
import contextlib
import itertools
import os
import signal
import time

CHANGES = ("ALTER TABLE items ALTER COLUMN description TYPE varchar(2500)", "ALTER TABLE items ADD COLUMN soaked integer",
           "ALTER TABLE items ALTER COLUMN description TYPE text", "ALTER TABLE items DROP COLUMN soaked", "ANALYZE items", "REINDEX TABLE items")


class Faults:
    """`new_certificate`: replaces the files of the certificate; None: there is none. Used by the thread that made the cluster: a PostgreSQL that it
    starts ends with the thread."""

    def __init__(self, process, cluster, pause_s, new_certificate):
        self.process, self.cluster, self.pause_s, self.new_certificate = process, cluster, pause_s, new_certificate
        self.changes = itertools.cycle(CHANGES)
        self.counts = {}

    def run(self, end):
        """One after the other, until then or until the server ends."""
        for fault in itertools.cycle((self.restart, self.reload, self.change_schema, self.kill, self.end_sessions, self.change_schema, self.reload)):
            due = time.monotonic() + self.pause_s
            while time.monotonic() < due:
                if time.monotonic() > end or self.process.poll() is not None:
                    return
                time.sleep(0.1)
            fault()
            self.counts[fault.__name__] = self.counts.get(fault.__name__, 0) + 1

    def restart(self):
        self.cluster.stop()
        time.sleep(0.3)
        self.cluster.start()

    def kill(self):
        """As when the machine of the database fails: it recovers from its log."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.cluster.process.pid, signal.SIGKILL)
        self.cluster.process.wait()
        self.cluster.start()

    def reload(self):
        if self.new_certificate:
            self.new_certificate()
        self.process.send_signal(signal.SIGHUP)

    def end_sessions(self):
        self.cluster.run_sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")

    def change_schema(self):
        self.cluster.run_sql("SET lock_timeout = '2s'; " + next(self.changes))
