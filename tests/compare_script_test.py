#!/usr/bin/env python3
"""What scripts/compare takes from the result of a run, which it must find where today's results have it."""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import subprocess
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "scripts" / "compare"


def load_script():
    loader = importlib.machinery.SourceFileLoader("compare_script", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("compare_script", loader))
    loader.exec_module(module)
    return module


def simulate(*arguments):
    run = subprocess.run([os.environ["TROUPE_BINARY"], "simulate", "--stand-in-database", "--quiet", "--json", "-", *arguments],
                         stdout=subprocess.PIPE, check=True, cwd="/", env={})
    return json.loads(run.stdout)


class Run(unittest.TestCase):
    def test_the_figures_of_a_mix_are_the_results(self):
        result = simulate("--scenario", "mixed", "--users", "4", "--duration", "1s")
        run = load_script().as_run(result, app_cpu=2.0, database_cpu=1.0, memory=5)
        self.assertEqual(run["requests"], result["total"]["requests"])
        self.assertAlmostEqual(run["requests_per_cpu_s"] * 2, sum(point["requests"] for point in result["series"]))
        self.assertAlmostEqual(run["p50_ms"] * 1000, result["total"]["good"]["response"]["p50_us"])
        self.assertIs(run["generator_saturated"], False)
        self.assertEqual(set(run["operations"]), {task["name"] for task in result["tasks"]})

    def test_an_operation_of_a_cycle_has_the_rate_of_its_phase(self):
        result = simulate("--scenario", "crud", "--items", "50")
        run = load_script().as_run(result, app_cpu=0.0, database_cpu=0.0, memory=5)
        phase = next(phase for phase in result["phases"] if phase["name"] == "create")
        self.assertEqual(run["operations"]["create"]["rate_per_s"], phase["rate_per_s"])
        self.assertIsNone(run["requests_per_cpu_s"])


if __name__ == "__main__":
    unittest.main()
