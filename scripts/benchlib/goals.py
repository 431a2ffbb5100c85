"""The goals of scripts/bench serve --fsync-delay, and how figures are told beside them."""
import collections

from .common import interval
from .slow_disk import delay_name

# What is divided by what, in each round: the ratios; figures of both, as texts; what else must be known to read them.
Row = collections.namedtuple("Row", "what delay_us beside current ratios note", defaults=("",))
Goal = collections.namedtuple("Goal", "at_least at_most", defaults=(None, None))

MIXED = "mixed"
BEST_POOL = "mixed, best pool"
POST = "POST"
FORMULA = "POST, of formula"
P50 = "GET p50, half peak"
GET = "GET one"

GOALS = {
    (MIXED, 0): Goal(at_least=1.1),
    (MIXED, 2000): Goal(at_least=3.0),
    (MIXED, 5000): Goal(at_least=3.5),
    (BEST_POOL, 2000): Goal(at_least=1.3),
    (BEST_POOL, 5000): Goal(at_least=1.3),
    (POST, 0): Goal(at_least=1.0),
    (FORMULA, 2000): Goal(at_least=0.85),
    (P50, 2000): Goal(at_most=1.2),
    (P50, 5000): Goal(at_most=1.2),
    (GET, 0): Goal(at_least=1.0),
}


def heading():
    return f"{'measured':26} {'beside':28} {'current':>11} {'ratio':>6} {'(95 %)':18} goal"


def goal_text(goal):
    return f"≥ {goal.at_least:g}" if goal.at_least is not None else f"≤ {goal.at_most:g}"


def verdict(goal, ratios):
    """Met or missed by the mean; whether the interval reaches across the goal decides how sure that is."""
    if goal is None:
        return "no goal"
    mean, low, high = interval(ratios)
    bar = goal.at_least if goal.at_least is not None else goal.at_most
    met = mean >= bar if goal.at_least is not None else mean <= bar
    unsure = ", not surely" if low < bar < high else ""
    return f"{goal_text(goal)}: {'met' if met else 'MISSED'}{unsure}"


def told(row):
    """A row of the table, and its note beneath it."""
    mean, low, high = interval(row.ratios)
    spread = f"({low:.2f} to {high:.2f})" if len(row.ratios) > 1 else "(one round)"
    line = (f"{row.what + ' ' + delay_name(row.delay_us):26} {row.beside:28} {row.current:>11} {mean:6.2f} {spread:18} "
            f"{verdict(GOALS.get((row.what, row.delay_us)), row.ratios)}")
    return f"{line}\n    {row.note}" if row.note else line


def not_measured(rows, reason):
    """A line for each goal without a row; `reason` tells why from its delay."""
    measured = {(row.what, row.delay_us) for row in rows}
    return [f"{what + ' ' + delay_name(delay_us):26} not measured{reason(delay_us)}; goal {goal_text(goal)}"
            for (what, delay_us), goal in GOALS.items() if (what, delay_us) not in measured]


def summary(rows):
    """How many goals hold, by the means."""
    verdicts = [verdict(GOALS[row.what, row.delay_us], row.ratios) for row in rows if (row.what, row.delay_us) in GOALS]
    met = sum(": met" in text for text in verdicts)
    return f"{met} of {len(GOALS)} goals met, {len(verdicts) - met} missed, {len(GOALS) - len(verdicts)} not measured"
