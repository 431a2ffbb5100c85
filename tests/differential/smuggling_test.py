#!/usr/bin/env python3
"""What nginx or HAProxy forward as one request must never be two to us: see README.md.

smuggling_test.py [--mutations N] [--seconds S] [--seed S] [--only NUMBER]
"""
import argparse
import asyncio
import contextlib
import pathlib
import re
import secrets
import sys
import tempfile
import time

import judge
import mutations
import proxies
import recorder
import strictness
from proxies import servers

SKIPPED = 77
LANES = 16  # inputs under way
MOST_FINDINGS = 20  # then it is known well enough


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=2000, help="inputs beside the table (default: 2000)")
    parser.add_argument("--seconds", type=float, default=40, help="no mutation begins later than this (default: 40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="only the mutation with this number, and all that is sent for it")
    return parser.parse_args()


@contextlib.contextmanager
def our_server(directory):
    """The port of troupe serve with a database of its own."""
    log = directory / "troupe.log"
    command = [servers.troupe_binary(), "serve", "--port", "0", "--data-dir", directory / "data", "--allowed-hosts", "*"]
    process = servers.spawn(command, log, servers.clean_environment(), cwd="/")
    try:
        deadline = time.monotonic() + 60
        while not (address := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))):
            if process.poll() is not None or time.monotonic() > deadline:
                raise servers.ServerError(f"troupe did not start:\n{servers.tail(log)}")
            time.sleep(0.05)
        yield int(address.group(1))
        if process.poll() is not None:
            raise servers.ServerError(f"troupe died:\n{servers.tail(log)}")
    finally:
        servers.stop(process)


class Run:
    def __init__(self, our_port):
        self.secret = "s" + secrets.token_hex(12)
        self.judge = judge.Judge(our_port, f"{proxies.MARK}: {self.secret}\r\n".lower().encode())
        self.found = 0
        self.inputs = 0
        self.behind = []  # (proxy, a recorder for each lane)

    async def start(self, directory, stack):
        for number, (kind, (program, _)) in enumerate(proxies.KINDS.items()):
            if not proxies.find(program):
                continue
            recorders = [recorder.Recorder() for _ in range(LANES)]
            proxy = proxies.Proxy(kind, directory / f"proxy{number}", [await one.start() for one in recorders], self.secret)
            stack.callback(proxy.stop)
            proxy.wait()
            self.behind.append((proxy, recorders))

    async def take(self, lane, name, data):
        self.inputs += 1
        direct = await self.judge.direct(data)
        each = await asyncio.gather(*(self.judge.faults(proxy, lane, recorders[lane], data, direct) for proxy, recorders in self.behind))
        for fault in (fault for faults in each for fault in faults):
            self.found += 1
            print(f"smuggling: {name}\n  input: {data!r}\n  {fault}", file=sys.stderr)

    async def take_all(self, lane, inputs):
        """What is left of them, as the other lanes do."""
        for name, data in inputs:
            if self.found > MOST_FINDINGS:
                return
            await self.take(lane, name, data)


def inputs_of(options):
    yield from strictness.table()
    end = time.monotonic() + options.seconds
    for number in range(options.mutations):
        if time.monotonic() > end:
            return
        yield f"mutation {number} of seed {options.seed}", mutations.mutation(options.seed, number)


async def run_all(options, our_port, directory):
    run = Run(our_port)
    with contextlib.ExitStack() as stack:
        await run.start(directory, stack)
        if options.only is not None:
            data = mutations.mutation(options.seed, options.only)
            print(f"input: {data!r}\nwe answer: {await run.judge.direct(data)}")
            await run.take(0, f"mutation {options.only}", data)
            return run
        inputs = inputs_of(options)
        await asyncio.gather(*(run.take_all(lane, inputs) for lane in range(LANES)))
    return run


def main():
    options = read_arguments()
    missing = [program for program in ("nginx", "haproxy") if not proxies.find(program)]
    if missing:
        print(f"smuggling: skipped: not installed here: {' and '.join(missing)}")
        if len(missing) == 2:
            return SKIPPED
    with tempfile.TemporaryDirectory(prefix="troupe-differential-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        with our_server(directory) as port:
            run = asyncio.run(run_all(options, port, directory))
    judged = run.judge
    print(f"smuggling: {run.inputs} inputs through {', '.join(proxy.kind for proxy, _ in run.behind)}: "
          f"{judged.forwarded} requests forwarded, {judged.refused} times none; {run.found} findings")
    if run.inputs > 100 and (judged.forwarded < run.inputs / 10 or judged.refused < run.inputs / 10):
        print("smuggling: the inputs say nothing: almost all are forwarded, or almost none", file=sys.stderr)
        return 1
    return 1 if run.found else 0


if __name__ == "__main__":
    sys.exit(main())
