"""What scripts/compare tells: medians, ratios and bars, as text, JSON, CSV and HTML. Pure: it looks at nothing but the runs."""
import csv
import html
import io
import json
import statistics

METRICS = ("rate_per_s", "p50_ms", "p95_ms", "p99_ms", "failed", "memory_bytes", "requests_per_cpu_s")
LOADS = {
    "get": "GET one item, 64 users", "post": "POST, 64 users", "mixed": "mixed, 64 users without pauses",
    "crud": "crud life cycle, 20 requests at once", "shop": "shop, 50 users who pause 1 to 3 s",
}
# How many times the peer's rate Troupe's must be, at least (issue 5).
RATE_BARS = {"get": {"fastapi": 40, "flask": 40, "drf": 40, "fastify": 4}, "post": {"fastapi": 20, "flask": 20, "drf": 20, "fastify": 3},
             "mixed": {"fastapi": 20, "flask": 20, "drf": 20}}
LATENCY_LOADS = ("get", "post", "mixed")
COLORS = {"troupe": "var(--own)"}


def add_summary(comparison):
    """Adds `summary` (medians over the rounds) and `bars` to a comparison."""
    comparison["summary"] = [row for load in LOADS for app in comparison["apps"] for row in rows_of(comparison, load, app["name"])]
    comparison["ratios"] = ratios(comparison)
    comparison["bars"] = bars(comparison)


def runs_of(comparison, load, app):
    return [run for run in comparison["runs"] if run["load"] == load and run["app"] == app]


def rows_of(comparison, load, app):
    """The load as a whole (operation `all`) and each of its operations."""
    runs = runs_of(comparison, load, app)
    if not runs:
        return
    yield {"load": load, "app": app, "operation": "all", "rounds": len(runs), **{metric: spread(run.get(metric) for run in runs) for metric in METRICS}}
    for operation in runs[0]["operations"]:
        parts = [run["operations"][operation] for run in runs if operation in run["operations"]]
        yield {"load": load, "app": app, "operation": operation, "rounds": len(parts),
               **{metric: spread(part.get(metric) for part in parts) for metric in METRICS if metric in parts[0]}}


def spread(values):
    """Median, lowest and highest. The true median lies between the two with a probability of 1 - 2 / 2^n: 0.75 for 3 rounds,
    0.94 for 5 (the order statistics' interval, which assumes nothing about the distribution)."""
    values = [value for value in values if value is not None]
    return {"median": statistics.median(values), "low": min(values), "high": max(values)} if values else None


def ratios(comparison):
    """Troupe's rate as a multiple of each peer's, round by round: what the machine does in a round, it does to both."""
    found = []
    for load in LOADS:
        own = {run["round"]: run["rate_per_s"] for run in runs_of(comparison, load, "troupe")}
        for app in comparison["apps"]:
            values = [own[run["round"]] / run["rate_per_s"] for run in runs_of(comparison, load, app["name"])
                      if run["round"] in own and run["rate_per_s"] > 0]
            if app["name"] != "troupe" and values:
                found.append({"load": load, "app": app["name"], **spread(values)})
    return found


def summary_of(comparison, load, app, operation="all"):
    for row in comparison["summary"]:
        if (row["load"], row["app"], row["operation"]) == (load, app, operation):
            return row
    return None


def bars(comparison):
    """What issue 5 demands, and whether it was met; only for what was measured."""
    found = []

    def add(text, value, met):
        found.append({"text": text, "value": value, "met": met})

    titles = {app["name"]: app["title"] for app in comparison["apps"]}
    for ratio in comparison["ratios"]:
        demanded = RATE_BARS.get(ratio["load"], {}).get(ratio["app"])
        if demanded:
            add(f"{ratio['load']}: rate at least {demanded} x {titles[ratio['app']]}'s", f"{ratio['median']:.1f} x", ratio["median"] >= demanded)
    for load in LATENCY_LOADS:
        own = summary_of(comparison, load, "troupe")
        for name, title in titles.items():
            peer = summary_of(comparison, load, name)
            if name == "troupe" or not own or not peer:
                continue
            p99, p50 = own["p99_ms"]["median"], peer["p50_ms"]["median"]
            add(f"{load}: p99 below {title}'s p50", f"{p99:.1f} ms, {p50:.1f} ms", p99 < p50)
    own, peers = peak_memory(comparison, "troupe"), {name: peak_memory(comparison, name) for name in titles if name != "troupe"}
    for name, memory in peers.items():
        if own and memory:
            add(f"memory below {titles[name]}'s", f"{own / 2**20:.0f} MiB, {memory / 2**20:.0f} MiB", own < memory)
    failed = sum(run["failed"] for run in comparison["runs"])
    add("no failures", f"{failed}", failed == 0)
    return found


def peak_memory(comparison, app):
    return max((run["memory_bytes"] for run in comparison["runs"] if run["app"] == app), default=0)


# --- cells, shared by text and HTML

def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def cells(row, ratio):
    rate, memory, per_cpu = row["rate_per_s"], row["memory_bytes"], row["requests_per_cpu_s"]
    median = {metric: row[metric]["median"] if row[metric] else None for metric in METRICS}
    return [number(rate["median"]), f"{number(rate['low'])}-{number(rate['high'])}", number(median["p50_ms"]), number(median["p95_ms"]),
            number(median["p99_ms"]), f"{median['failed']:.0f}", f"{memory['high'] / 2**20:.0f}", number(per_cpu["median"] if per_cpu else None),
            f"{ratio['median']:.1f} x" if ratio else ""]


HEAD = ["requests/s", "lowest-highest", "p50 ms", "p95 ms", "p99 ms", "failed", "MiB", "per CPU s", "Troupe is"]


def table(comparison, load):
    """[(title, cells or why there are none)] of one load."""
    lines = []
    for app in comparison["apps"]:
        row = summary_of(comparison, load, app["name"])
        if row:
            ratio = next((ratio for ratio in comparison["ratios"] if (ratio["load"], ratio["app"]) == (load, app["name"])), None)
            lines.append((app["title"], cells(row, ratio)))
        elif app["skipped"] or app["broken"]:
            lines.append((app["title"], f"skipped: {first_line(app['skipped'])}" if app["skipped"] else f"failed: {first_line(app['broken'])}"))
    return lines


def first_line(text):
    return text.splitlines()[0] if text else ""


def operations_table(comparison, load):
    """(operations, [(title, "p50 / p99" of each)])"""
    names = []
    for row in comparison["summary"]:
        if row["load"] == load and row["operation"] != "all" and row["operation"] not in names:
            names.append(row["operation"])
    lines = []
    for app in comparison["apps"]:
        rows = [summary_of(comparison, load, app["name"], name) for name in names]
        if any(rows):
            lines.append((app["title"], [f"{number(row['rate_per_s']['median'])}/s, {number(row['p50_ms']['median'])} / {number(row['p99_ms']['median'])}"
                                         if row and "p50_ms" in row else "-" for row in rows]))
    return names, lines


def measured_loads(comparison):
    return [load for load in LOADS if any(run["load"] == load for run in comparison["runs"])]


def conditions(comparison):
    host, quick = comparison["host"], ", quick" if comparison["quick"] else ""
    return (f"{comparison['started_at']}, {comparison['rounds']} rounds{quick}, {host['cpus']} x {host['cpu']}, "
            f"load average {host['load_average_before']} before, a forced write to the databases' disk takes {host['forced_write_ms']:.2f} ms; "
            f"medians over the rounds")


# --- text

def as_text(comparison):
    out = [conditions(comparison), ""]
    for load in measured_loads(comparison):
        out += [LOADS[load], text_line("", HEAD)]
        for title, values in table(comparison, load):
            out.append(text_line(title, values) if isinstance(values, list) else f"  {title:22} {values}")
        out.append("")
    for load in ("mixed", "crud"):
        names, lines = operations_table(comparison, load)
        if lines:
            out += [f"{load}, per operation: requests/s, p50 / p99 ms", "  " + " " * 22 + "".join(f"{name:>24}" for name in names)]
            out += [f"  {title:22}" + "".join(f"{value:>24}" for value in values) for title, values in lines] + [""]
    out.append("bars")
    out += [f"  {'ok    ' if bar['met'] else 'MISSED'} {bar['text']}: {bar['value']}" for bar in comparison["bars"]]
    return "\n".join(out)


def text_line(title, values):
    widths = (11, 17, 9, 9, 9, 7, 6, 10, 10)
    return f"  {title:22} " + " ".join(f"{value:>{width}}" for value, width in zip(values, widths))


# --- files

def write_all(comparison, directory):
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in (("json", json.dumps(comparison, indent=1) + "\n"), ("csv", as_csv(comparison)), ("html", as_html(comparison))):
        unfinished = directory / f".comparison.{name}"  # a full disk leaves the last complete result where it is
        unfinished.write_text(text)
        unfinished.replace(directory / f"comparison.{name}")


def as_csv(comparison):
    """A line per round, app, load and operation: medians are easily made of it, and nothing is lost."""
    out = io.StringIO()
    columns = ["round", "app", "load", "operation", "rate_per_s", "requests", "failed", "p50_ms", "p95_ms", "p99_ms", "memory_bytes",
               "app_cpu_s", "database_cpu_s", "requests_per_cpu_s"]
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for run in comparison["runs"]:
        where = {"round": run["round"], "app": run["app"], "load": run["load"]}
        writer.writerow({**run, **where, "operation": "all"})
        for name, part in run["operations"].items():
            writer.writerow({**part, **where, "operation": name})
    return out.getvalue()


STYLE = """
:root{color-scheme:light dark;--text:#1c2024;--soft:#60646c;--line:#d9dce1;--back:#fff;--own:#0a7d5a;--peer:#8b95a5}
@media(prefers-color-scheme:dark){:root{--text:#e8eaed;--soft:#a5abb5;--line:#363b44;--back:#14171c;--own:#35c796;--peer:#66707f}}
*{box-sizing:border-box}body{margin:0 auto;padding:1rem;max-width:60rem;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
h1{font-size:1.5rem;line-height:1.2}h2{font-size:1.15rem;margin:2rem 0 .5rem}p,dd{color:var(--soft)}dd{margin:0 0 .5rem}
svg{display:block;width:100%;max-width:40rem;height:auto}text{fill:currentColor;font:13px system-ui,sans-serif}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .6rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}th:first-child,td:first-child{text-align:left}
.bars td:last-child{text-align:left}.missed{font-weight:bold}
"""


def as_html(comparison):
    parts = ["<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>",
             f"<title>Troupe compared</title><style>{STYLE}</style>", "<h1>The same items API under the same load</h1>",
             f"<p>{html.escape(conditions(comparison))}</p>"]
    for load in measured_loads(comparison):
        parts.append(f"<h2>{html.escape(LOADS[load])}</h2>{chart(comparison, load)}{html_table(HEAD, table(comparison, load))}")
    for load in ("mixed", "crud"):
        names, lines = operations_table(comparison, load)
        if lines:
            parts.append(f"<h2>{load}, per operation: requests/s, p50 / p99 ms</h2>{html_table(names, lines)}")
    parts.append("<h2>Bars</h2><div class='scroll bars'><table>")
    for bar in comparison["bars"]:
        verdict = "<td>ok" if bar["met"] else "<td class=missed>missed"
        parts.append(f"<tr><td>{html.escape(bar['text'])}<td>{html.escape(bar['value'])}{verdict}")
    parts.append("</table></div><h2>Conditions</h2><dl>")
    for app in comparison["apps"]:
        parts.append(f"<dt>{html.escape(app['title'])}, port {app['port']}<dd>{html.escape(app['versions'] or app['skipped'] or '')}")
    for load, arguments in comparison["loads"].items():
        parts.append(f"<dt>{load}<dd><code>troupe simulate {html.escape(arguments)}</code>")
    settings = ", ".join(f"{key} = {value}" for key, value in comparison["postgresql"]["settings"].items())
    parts.append(f"<dt>A database for each<dd>{html.escape(comparison['postgresql']['version'])}; {html.escape(settings)}; else its defaults</dl></html>\n")
    return "\n".join(parts)


def chart(comparison, load):
    """Bars of the rates, with a line from the lowest to the highest round."""
    rows = [(app, summary_of(comparison, load, app["name"])) for app in comparison["apps"]]
    rows = [(app, row["rate_per_s"]) for app, row in rows if row]
    most = max((rate["high"] for _, rate in rows), default=0) or 1
    width, step = 360, 40  # a phone's: the text is then as large as the page's
    out = [f"<svg viewBox='0 0 {width} {len(rows) * step}' role=img aria-label='Requests per second: {html.escape(LOADS[load])}'>"]
    for index, (app, rate) in enumerate(rows):
        top = index * step
        length = {key: max(1.0, rate[key] / most * (width - 2)) for key in rate}
        out.append(f"<text x=0 y={top + 13}>{html.escape(app['title'])}</text><text x={width} y={top + 13} text-anchor=end>{number(rate['median'])}/s</text>"
                   f"<rect x=0 y={top + 18} width={length['median']:.1f} height=14 rx=2 fill='{COLORS.get(app['name'], 'var(--peer)')}'/>"
                   f"<path d='M{length['low']:.1f} {top + 25}H{length['high']:.1f}' stroke=currentColor stroke-width=1.5 />")
    return "".join(out) + "</svg>"


def html_table(head, lines):
    out = ["<div class=scroll><table><tr><th>" + "".join(f"<th>{html.escape(name)}" for name in head)]
    for title, values in lines:
        rest = "".join(f"<td>{html.escape(value)}" for value in values) if isinstance(values, list) else f"<td colspan={len(head)}>{html.escape(values)}"
        out.append(f"<tr><td>{html.escape(title)}{rest}")
    return "".join(out) + "</table></div>"
