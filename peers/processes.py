"""What a process and all it started use, from /proc."""
import os
import pathlib
import re

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """(parent, CPU seconds of itself and of its children that ended), or None when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2:].split()  # the name before it may hold anything
    return int(fields[1]), sum(map(int, fields[11:15])) / TICKS_PER_S


def tree(root):
    """{pid: CPU seconds} of root and its descendants."""
    everyone = {int(name): known for name in os.listdir("/proc") if name.isdigit() and (known := stat(name))}
    members = {root} & everyone.keys()
    while more := {pid for pid, (parent, _) in everyone.items() if parent in members} - members:
        members |= more
    return {pid: everyone[pid][1] for pid in members}


def cpu_s(root):
    return sum(tree(root).values())


def memory_bytes(root):
    """Proportional set size: what processes share is counted once, so that workers forked from one parent are not
    charged for it twice. Resident size where the kernel does not tell."""
    total = 0
    for pid in tree(root):
        try:
            total += kib(f"/proc/{pid}/smaps_rollup", "Pss")
        except (OSError, AttributeError):
            try:
                total += kib(f"/proc/{pid}/status", "VmRSS")
            except (OSError, AttributeError):
                pass  # ended meanwhile, or a kernel thread
    return total * 1024


def kib(file, key):
    return int(re.search(rf"^{key}:\s+(\d+) kB$", pathlib.Path(file).read_text(), re.MULTILINE).group(1))
