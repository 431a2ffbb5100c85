"""scripts/bench resources, its last rows: a scenario's `do = "sql"` beside pgbench with the same statement, connections and one thread."""
import pathlib
import re
import statistics
import subprocess
import sys

from .common import RELEASE, fail, in_turns, interval
from .postgres import Postgres, programs
from .simulate import simulate

# Two tables joined by their keys, ten rows an answer.
TABLES = """CREATE TABLE buyers (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE bought (buyer int REFERENCES buyers, number int, title text NOT NULL, price numeric(8,2) NOT NULL,
  PRIMARY KEY (buyer, number));
INSERT INTO buyers SELECT n, 'buyer ' || n FROM generate_series(1, 1000) n;
INSERT INTO bought SELECT n, m, 'thing ' || m, n + m * 0.25 FROM generate_series(1, 1000) n, generate_series(1, 10) m ORDER BY n, m;
ANALYZE;"""
# Statements of a scenario are not run as a superuser.
READER = "CREATE ROLE reader LOGIN; GRANT SELECT ON buyers, bought TO reader;"
JOIN = "SELECT b.number, b.title, b.price, y.name FROM buyers y JOIN bought b ON b.buyer = y.id WHERE y.id = :id ORDER BY b.number"
SCENARIO = f"""
[[task]]
do = "sql"
name = "join"
sql = "{JOIN}"
params.id = {{ uniform = [1, 1000] }}
"""
SCRIPT = f"\\set id random(1, 1000)\n{JOIN};\n"

NAME = 'do = "sql", beside pgbench'
CONNECTIONS = 2
RATE_BAR = 0.9
POOLS = (1, 2, 4, 8, 16)
USERS = 32  # of the sweep: enough for the largest pool
ALIKE = 0.97  # a pool that reaches so much of the best is as good, as the sweep has it


class Contenders:
    """Both, on the tables of this PostgreSQL."""

    def __init__(self, directory, database, program, seconds):
        self.directory = pathlib.Path(directory)
        self.database = database
        self.program = program
        self.seconds = seconds
        (self.directory / "join.toml").write_text(SCENARIO)
        (self.directory / "join.sql").write_text(SCRIPT)
        (self.directory / "tables.toml").write_text("[resource.buyers]\n")

    def scenario(self):
        return ["--database-url", self.database.url("reader"), "--resources", self.directory / "tables.toml",
                "--scenario", self.directory / "join.toml", "--read-only", "--transport", "direct", "--batching", "off", "--workers", "1"]

    def troupe_rate(self):
        """As many users as connections: both have one statement under way on each."""
        return simulate(self.directory, self.seconds, *self.scenario(), "--pool-size", str(CONNECTIONS), "--users",
                        str(CONNECTIONS)).rate

    def pgbench_rate(self, connections=CONNECTIONS):
        run = subprocess.run([self.program, "-n", "-M", "prepared", "-f", self.directory / "join.sql", "-c", str(connections), "-j", "1",
                              "-T", str(self.seconds), "-h", self.database.home, "-U", "reader", "postgres"], capture_output=True, text=True)
        rate = re.search(r"^tps = ([\d.]+)", run.stdout, re.MULTILINE)
        if run.returncode != 0 or not rate:
            fail(f"pgbench ended with {run.returncode}:\n{run.stdout}{run.stderr}")
        return float(rate.group(1))

    def swept_pool(self, repeats):
        """The pool size that a sweep recommends, and what it says of how sure it is."""
        command = [RELEASE / "troupe", "sweep", *self.scenario(), "--pool-size", ",".join(map(str, POOLS)), "--users", str(USERS),
                   "--duration", f"{self.seconds}s", "--repeats", str(repeats), "--log-level", "error", "--out", self.directory / "sweep"]
        run = subprocess.run(command, capture_output=True, text=True)
        pool = re.search(r"^Run pool_size=(\d+)", run.stdout, re.MULTILINE)
        sure = re.search(r"^How sure: (.*)$", run.stdout, re.MULTILINE)
        if run.returncode != 0 or not pool:
            fail(f"troupe sweep ended with {run.returncode}:\n{run.stdout}{run.stderr}")
        return int(pool.group(1)), sure.group(1).partition(".")[0] if sure else "?"


def best_pool(rates):
    """The smallest whose median is as good as the best one's."""
    medians = {pool: statistics.median(of_pool) for pool, of_pool in rates.items()}
    return min(pool for pool, median in medians.items() if median >= ALIKE * max(medians.values()))


def bench_statements(directory, options):
    folder = programs("pgbench")
    if folder is None:
        print(f"{NAME:32} not measured: pgbench is missing (Debian: apt-get install postgresql)")
        return
    # Its own and not an embedded one, which takes as many connections as its server has and a few: here is room for the largest pool.
    with Postgres(folder, pathlib.Path(directory) / "statements").make().running() as database:
        database.run_sql(TABLES, READER)
        both = Contenders(directory, database, folder / "pgbench", options.seconds)
        bench_rate(both, options)
        bench_pools(both, min(options.rounds, 5))


def bench_rate(both, options):
    runs = {"troupe": both.troupe_rate, "pgbench": both.pgbench_rate}
    ratios, rates = [], []
    for turn in range(options.rounds):
        rate = {who: runs[who]() for who in in_turns(runs, turn)}
        print(f"  pair {turn + 1}/{options.rounds}: {rate['troupe']:,.0f}/s and pgbench {rate['pgbench']:,.0f}/s", file=sys.stderr)
        ratios.append(rate["troupe"] / rate["pgbench"])
        rates.append(rate["troupe"])
    mean, low, high = interval(ratios)
    verdict = "MISSED" if high < RATE_BAR else "ok"
    print(f"{NAME + ': /s':32} {statistics.median(rates):9.0f} {mean:7.3f} ({low:.3f} to {high:.3f})  "
          f"{verdict}: of pgbench, at least {RATE_BAR:.2f}; {CONNECTIONS} connections, 1 thread", flush=True)


def bench_pools(both, repeats):
    by_pool = {pool: [] for pool in POOLS}
    for turn in range(repeats):
        for pool in in_turns(POOLS, turn):
            by_pool[pool].append(both.pgbench_rate(pool))
    theirs = best_pool(by_pool)
    ours, sure = both.swept_pool(repeats)
    near = abs(POOLS.index(ours) - POOLS.index(theirs)) <= 1
    rates = ", ".join(f"{pool}: {statistics.median(rates):,.0f}" for pool, rates in by_pool.items())
    print(f"{'the best pool, beside pgbench':32} {ours:9} {theirs:7}  {'ok' if near else 'MISSED'}: one step of {POOLS} at most; "
          f"how sure: {sure}; pgbench's rates {rates}")
