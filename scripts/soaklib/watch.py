"""What a process holds, sampled as it runs, and whether that stays flat."""
import pathlib
import re
import statistics
import threading

GROWTH_MIB = 16
GROWTH = 0.15
MOST_MORE_FILES = 10


def held_by(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {"rss_mib": int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE).group(1)) / 1024,
            "threads": int(re.search(r"^Threads:\s+(\d+)", status, re.MULTILINE).group(1)),
            "files": len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))}


class Watch(threading.Thread):
    def __init__(self, pid, period_s):
        super().__init__(daemon=True)
        self.pid, self.period_s, self.over, self.samples = pid, period_s, threading.Event(), []

    def run(self):
        while not self.over.wait(self.period_s):
            try:
                self.samples.append(held_by(self.pid))
            except OSError:
                return  # it ended, which others tell

    def stop(self):
        self.over.set()
        self.join()
        return self.samples


def faults_of(samples, quiet_before, quiet_after):
    """What did not stay flat: memory from the second third of the run to the last, the rest between the calm before and the calm after."""
    faults = []
    third = len(samples) // 3
    if third >= 3:
        early = statistics.median(sample["rss_mib"] for sample in samples[third:2 * third])
        late = statistics.median(sample["rss_mib"] for sample in samples[2 * third:])
        if late > early + GROWTH_MIB and late > early * (1 + GROWTH):
            faults.append(f"memory grew from {early:.0f} to {late:.0f} MiB")
    if quiet_after["files"] > quiet_before["files"] + MOST_MORE_FILES:
        faults.append(f"descriptors: {quiet_before['files']} before, {quiet_after['files']} after")
    if quiet_after["threads"] > quiet_before["threads"]:
        faults.append(f"threads: {quiet_before['threads']} before, {quiet_after['threads']} after")
    return faults
