"""scripts/bench serve --fsync-delay: a server on PostgreSQLs whose forced writes take longer, beside one of before lanes."""
import collections
import contextlib
import operator
import os
import pathlib
import statistics
import sys
import tempfile

from . import goals
from .common import POST_SCRIPT, RELEASE, WRK_REPORT, baseline_binary, build, create_item, drive, fail, in_turns, need, running
from .goals import Row
from .simulate import run_of
from .slow_disk import SlowDisk, delay_name, slow_clusters

BASELINE = "1025d3f"  # the last commit before lanes
WHO = ("baseline", "current")
POOLS = (1, 2, 4, 8, 16, 32, 64)
WARM_UP_S = 1  # of every run: plans, caches, and connections that open late


class Bench:
    """What all parts need: both binaries, a PostgreSQL for each delay, and ways to load a server that is fresh."""

    def __init__(self, directory, disk, clusters, programs, options):
        self.directory = pathlib.Path(directory)
        self.disk = disk
        self.clusters = clusters
        self.options = options
        self.binaries = programs
        self.generated = 0  # runs of simulate
        self.saturated = 0  # of these, whose generator was the bottleneck
        for name, script in (("get", WRK_REPORT), ("post", POST_SCRIPT)):
            (self.directory / f"{name}.lua").write_text(script)

    @contextlib.contextmanager
    def server(self, delay_us, who, *flags):
        """One that starts on an empty database just written down, so that no run finds what another has left; gives its port."""
        cluster = self.clusters[delay_us]
        cluster.run_sql("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CHECKPOINT")
        command = [self.binaries[who], "serve", "--port", "0", "--database-url", cluster.url(), *flags]
        with running(command, self.directory, f"{who}{delay_name(delay_us)}") as (_, port):
            yield port

    def mixed(self, port, seconds, *load):
        """One run of the built-in scenario, for both servers by the same generator; 64 users unless `load` tells another."""
        load = load or ("--users", str(self.options.connections))
        results = run_of(self.directory, "--target", f"http://127.0.0.1:{port}", "--scenario", "mixed", "--warm-up", f"{WARM_UP_S}s",
                         "--duration", f"{seconds + WARM_UP_S}s", *load, binary=self.binaries["current"])
        self.generated += 1
        self.saturated += bool(results["verdict"]["saturated"])
        return results

    def mixed_rate(self, port, seconds):
        return self.mixed(port, seconds)["total"]["rate_per_s"]

    def wrk_rate(self, port, name, path):
        """One run of wrk with a script of ours, after a short one that does not count."""
        for seconds in (WARM_UP_S, self.options.seconds):
            cell = drive(f"http://127.0.0.1:{port}{path}", self.directory / f"{name}.lua", self.options.connections, seconds)
        return cell.rate

    def forced_write_ms(self, delay_us):
        return self.disk.forced_write_ms(delay_us, self.clusters[delay_us].home)

    def forced_writes(self, delay_us):
        """How many there were of the log so far, and the milliseconds that PostgreSQL waited for them."""
        count, waited_ms = self.clusters[delay_us].run_sql("SELECT wal_sync, wal_sync_time FROM pg_stat_wal").split("|")
        return int(count), float(waited_ms)

    def progress(self, turn, text):
        print(f"  round {turn + 1}/{self.options.rounds}: {text}", file=sys.stderr, flush=True)


def binaries(options):
    """{who: the program}; what must be built is built."""
    if options.current is None:
        build(["troupe"])
    current = pathlib.Path(options.current or RELEASE / "troupe").absolute()
    if not current.is_file():
        fail(f"--current {current} is no program")
    return {"baseline": baseline_binary(options.baseline or BASELINE), "current": current}


def per_s(rates):
    return f"{statistics.median(rates):,.0f}/s"


def quotients(numerators, denominators):
    """Of each round."""
    return [one / other for one, other in zip(numerators, denominators)]


def bench_mixed(bench):
    """Both binaries with their default settings."""
    rates = collections.defaultdict(list)
    for turn in range(bench.options.rounds):
        for delay_us in in_turns(bench.clusters, turn):
            for who in in_turns(WHO, turn):
                with bench.server(delay_us, who) as port:
                    rates[delay_us, who].append(bench.mixed_rate(port, bench.options.seconds))
                bench.progress(turn, f"mixed {delay_name(delay_us)} {who}: {rates[delay_us, who][-1]:,.0f}/s")
    return [Row(goals.MIXED, delay_us, f"baseline: {per_s(rates[delay_us, 'baseline'])}", per_s(rates[delay_us, "current"]),
                quotients(rates[delay_us, "current"], rates[delay_us, "baseline"])) for delay_us in bench.clusters]


def bench_pools(bench):
    """The current binary as it is, beside the baseline with the pool that suits this disk best."""
    rows = []
    for delay_us in sorted(set(bench.options.fsync_delay)):
        rates = collections.defaultdict(list)
        for turn in range(bench.options.rounds):
            for pool in in_turns(("current", *POOLS), turn):
                who, flags = ("current", ()) if pool == "current" else ("baseline", ("--pool-size", str(pool)))
                with bench.server(delay_us, who, *flags) as port:
                    rates[pool].append(bench.mixed_rate(port, pool_seconds(bench.options)))
                bench.progress(turn, f"mixed {delay_name(delay_us)} {' '.join((who, *flags))}: {rates[pool][-1]:,.0f}/s")
        best = max(POOLS, key=lambda pool: statistics.median(rates[pool]))
        pools = ", ".join(f"{pool}: {per_s(rates[pool])}" for pool in POOLS)
        rows.append(Row(goals.BEST_POOL, delay_us, f"baseline, pool {best}: {per_s(rates[best])}", per_s(rates["current"]),
                        quotients(rates["current"], rates[best]), f"the baseline by --pool-size: {pools}"))
    return rows


def pool_seconds(options):
    """Shorter, for there are many."""
    return (options.seconds + 1) // 2


def bench_post(bench):
    """Beside the baseline on the plain disk; beside what one commit after another lets through on a slower one."""
    rates, flushes, waits = (collections.defaultdict(list) for _ in range(3))
    for turn in range(bench.options.rounds):
        for delay_us, who in in_turns([(0, "baseline"), *((delay_us, "current") for delay_us in bench.clusters)], turn):
            if who == "current":
                flushes[delay_us].append(bench.forced_write_ms(delay_us))
            with bench.server(delay_us, who) as port:
                before = bench.forced_writes(delay_us)
                rates[delay_us, who].append(bench.wrk_rate(port, "post", "/items/"))
            count, waited_ms = map(operator.sub, bench.forced_writes(delay_us), before)  # complete once its connections have ended
            waits[delay_us, who].append(waited_ms / max(count, 1))
            bench.progress(turn, f"POST {delay_name(delay_us)} {who}: {rates[delay_us, who][-1]:,.0f}/s")
    plain = rates[0, "current"]
    rows = [Row(goals.POST, 0, f"baseline: {per_s(rates[0, 'baseline'])}", per_s(plain), quotients(plain, rates[0, "baseline"]))]
    for delay_us in bench.clusters:
        if delay_us != 0:
            rows.append(formula_row(delay_us, rates[delay_us, "current"], plain, flushes[delay_us], bench.options.connections,
                                    statistics.median(waits[delay_us, "current"])))
    return rows


def formula_row(delay_us, rates, plain_rates, flushes_ms, users, waited_ms):
    """All users' requests take one flush and the time that they take without a delay."""
    formula = [users / (flush_ms / 1000 + users / plain) for flush_ms, plain in zip(flushes_ms, plain_rates)]
    note = (f"formula, in each round: {users} / (flush + {users} / rate at +0ms); medians: flush {statistics.median(flushes_ms):.2f} ms, "
            f"the disk's time and the delay, measured before each run (PostgreSQL waited {waited_ms:.2f} ms under the load); "
            f"{per_s(plain_rates)} at +0ms")
    return Row(goals.FORMULA, delay_us, f"formula: {per_s(formula)}", per_s(rates), quotients(rates, formula), note)


def bench_p50(bench):
    """How much later a GET is answered where forced writes take longer, each disk at half of the rate that it lets through."""
    if set(bench.clusters) == {0}:
        return []
    p50_ms, peaks = collections.defaultdict(list), collections.defaultdict(list)
    for turn in range(bench.options.rounds):
        for delay_us in in_turns(bench.clusters, turn):
            with bench.server(delay_us, "current") as port:
                peaks[delay_us].append(bench.mixed_rate(port, bench.options.seconds))
                half = bench.mixed(port, bench.options.seconds, "--arrival-rate", f"{max(peaks[delay_us][-1] / 2, 1):.0f}")
            get = next(task for task in half["tasks"] if task["name"] == "get")
            if not get["good"]["response"]["count"]:
                fail("no GET was answered at half of the peak rate: measure for more --seconds")
            p50_ms[delay_us].append(get["good"]["response"]["p50_us"] / 1000)
            bench.progress(turn, f"GET p50 {delay_name(delay_us)} at half of {peaks[delay_us][-1]:,.0f}/s: "
                                 f"{p50_ms[delay_us][-1]:.3f} ms")
    plain = p50_ms[0]
    return [Row(goals.P50, delay_us, f"at +0ms: {statistics.median(plain):.3f} ms", f"{statistics.median(p50_ms[delay_us]):.3f} ms",
                quotients(p50_ms[delay_us], plain),
                f"open arrivals at half of the peak: of {per_s(peaks[delay_us])}; at +0ms of {per_s(peaks[0])}")
            for delay_us in bench.clusters if delay_us != 0]


def bench_get(bench):
    """One item, on the plain disk."""
    rates = collections.defaultdict(list)
    for turn in range(bench.options.rounds):
        for who in in_turns(WHO, turn):
            with bench.server(0, who) as port:
                rates[who].append(bench.wrk_rate(port, "get", create_item(port)))
            bench.progress(turn, f"GET one {who}: {rates[who][-1]:,.0f}/s")
    return [Row(goals.GET, 0, f"baseline: {per_s(rates['baseline'])}", per_s(rates["current"]),
                quotients(rates["current"], rates["baseline"]))]


PARTS = {"mixed": bench_mixed, "pools": bench_pools, "post": bench_post, "p50": bench_p50, "get": bench_get}


def introduce(bench):
    options = bench.options
    forced = ", ".join(f"{bench.forced_write_ms(delay_us):.2f} ms {delay_name(delay_us)}" for delay_us in bench.clusters)
    print(f"{options.connections} users, {options.seconds} s a run ({pool_seconds(options)} s for --pool-size), "
          f"{options.rounds} rounds, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before; "
          f"data in {bench.directory}, where a forced write takes {forced}")
    for who, binary in bench.binaries.items():
        print(f"{who}: {binary}")
    print("load for both: mixed by the current binary's simulate, POST and GET one by wrk -t1\n")
    print(goals.heading(), flush=True)


def bench_fsync(options):
    need("wrk", "wrk")
    both = binaries(options)
    chosen = [options.only] if options.only else list(PARTS)
    delays_us = sorted({0, *options.fsync_delay})  # the plain disk is what the others are compared with
    with contextlib.ExitStack() as stack:
        shim = stack.enter_context(tempfile.TemporaryDirectory(prefix="troupe-bench-"))
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage))
        for path in (shim, directory):
            os.chmod(path, 0o755)  # PostgreSQL runs as another user when we are root
        disk = SlowDisk(shim)
        clusters = stack.enter_context(slow_clusters(disk, directory, delays_us))
        bench = Bench(directory, disk, clusters, both, options)
        introduce(bench)
        rows = []
        for part in chosen:
            rows += (measured := PARTS[part](bench))
            for row in measured:
                print(goals.told(row), flush=True)
    conclude(bench, rows, delays_us)


def conclude(bench, rows, delays_us):
    def reason(delay_us):
        if delay_us not in delays_us:
            return f" without --fsync-delay {delay_us / 1000:g}ms"
        return f" with --only {bench.options.only}"

    for line in goals.not_measured(rows, reason):
        print(line)
    print(f"\n{goals.summary(rows)}")
    if bench.saturated:
        print(f"in {bench.saturated} of {bench.generated} runs simulate said that it was the bottleneck itself")
