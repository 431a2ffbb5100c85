#!/usr/bin/env python3
"""What scripts/compare makes of its runs: medians, ratios within a round, bars, and the three files."""
import csv
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peers"))
import comparison_report  # noqa: E402


def run(app, number, rate, p50, p99, failed=0, load="get"):
    part = {"rate_per_s": rate, "requests": 100, "failed": failed, "p50_ms": p50, "p95_ms": p99, "p99_ms": p99}
    return {"round": number, "app": app, "load": load, **part, "memory_bytes": 2**20 * (10 if app == "troupe" else 100),
            "app_cpu_s": 1.0, "database_cpu_s": 1.0, "requests_per_cpu_s": rate, "operations": {"get": part}}


def comparison(runs):
    titles = {"troupe": "Troupe", "flask": "Flask", "drf": "Django <REST>"}
    result = {
        "started_at": "2026-01-02T03:04:05+00:00", "quick": True, "rounds": 3,
        "host": {"cpu": "a CPU", "cpus": 2, "load_average_before": 0.1, "forced_write_ms": 1.5},
        "postgresql": {"version": "PostgreSQL 15", "settings": {"max_connections": "150"}}, "loads": {"get": "--users 64"},
        "apps": [{"name": name, "title": title, "port": 1, "versions": "1.0", "broken": None,
                  "skipped": "it is <not> installed" if name == "drf" else None} for name, title in titles.items()],
        "runs": runs,
    }
    comparison_report.add_summary(result)
    return result


# The third round was slow for both: a ratio of the medians would be 40, within each round it is 50, 60 and 50.
NOISY = [run("troupe", 1, 5000, 0.5, 2), run("flask", 1, 100, 50, 90), run("troupe", 2, 6000, 0.5, 3), run("flask", 2, 100, 40, 90),
         run("troupe", 3, 1000, 0.5, 9), run("flask", 3, 20, 45, 90)]


class Report(unittest.TestCase):
    def test_a_ratio_is_taken_within_each_round_and_then_its_median(self):
        (ratio,) = comparison(NOISY)["ratios"]
        self.assertEqual((ratio["median"], ratio["low"], ratio["high"]), (50, 50, 60))

    def test_medians_come_with_the_lowest_and_the_highest_round(self):
        row = comparison_report.summary_of(comparison(NOISY), "get", "troupe")
        self.assertEqual(row["rate_per_s"], {"median": 5000, "low": 1000, "high": 6000})
        self.assertEqual(row["rounds"], 3)

    def test_a_bar_is_met_or_missed_by_what_was_measured(self):
        met = {bar["text"]: bar["met"] for bar in comparison(NOISY)["bars"]}
        self.assertEqual(met, {"get: rate at least 40 x Flask's": True, "get: p99 below Flask's p50": True, "memory below Flask's": True,
                               "no failures": True})
        slow = [run("troupe", 1, 3900, 0.5, 60, failed=1), run("flask", 1, 100, 50, 90)]
        met = {bar["text"]: bar["met"] for bar in comparison(slow)["bars"]}
        self.assertEqual(met, {"get: rate at least 40 x Flask's": False, "get: p99 below Flask's p50": False, "memory below Flask's": True,
                               "no failures": False})

    def test_a_skipped_peer_is_shown_with_its_reason(self):
        self.assertIn("skipped: it is <not> installed", comparison_report.as_text(comparison(NOISY)))
        page = comparison_report.as_html(comparison(NOISY))
        self.assertIn("skipped: it is &lt;not&gt; installed", page)
        self.assertNotIn("<REST>", page)

    def test_without_troupe_there_are_no_ratios_but_a_table(self):
        result = comparison([run("flask", 1, 100, 50, 90)])
        self.assertEqual(result["ratios"], [])
        self.assertIn("Flask", comparison_report.as_text(result))

    def test_the_files_hold_every_run(self):
        with tempfile.TemporaryDirectory() as directory:
            comparison_report.write_all(comparison(NOISY), pathlib.Path(directory) / "new")
            files = {path.suffix: path.read_text() for path in (pathlib.Path(directory) / "new").iterdir()}
        self.assertEqual(set(files), {".json", ".csv", ".html"})
        self.assertEqual(len(json.loads(files[".json"])["runs"]), 6)
        lines = list(csv.DictReader(io.StringIO(files[".csv"])))
        self.assertEqual([line["operation"] for line in lines], ["all", "get"] * 6)
        self.assertEqual(files[".html"].count("<svg"), 1)
        self.assertNotIn("http", files[".html"])  # works offline


if __name__ == "__main__":
    unittest.main()
