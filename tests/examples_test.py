#!/usr/bin/env python3
"""examples/ as it stands: examples_test.py NAME runs that example, `examples_test.py documents` holds against it what documents quote.

Exit 77 (skipped) where the example says so.
"""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(ROOT / "peers"))
import servers  # noqa: E402

PATIENCE_S = 100
# These files are quoted whole, as one block: in README.md, or in one of the pages of docs/.
QUOTED = {"own-resources/shop.sql": "README.md", "own-resources/shop.toml": "README.md", "own-scenario/scenario.toml": "README.md",
          "sweep-fastapi/my-app.toml": "docs"}


def session_of(pid):
    """The session of a process, or None when it is gone or dead."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, _, _, session = text[text.rindex(")") + 2:].split()[:4]
    return None if state == "Z" else int(session)


class Example(unittest.TestCase):
    """Runs one example from another folder than the clone's."""
    name = None

    def setUp(self):
        directory = servers.work_directory()
        self.temporary = directory.__enter__()
        self.addCleanup(directory.__exit__, None, None, None)
        os.chmod(self.temporary, 0o777)  # another user runs PostgreSQL when we are root

    def start(self, program, *arguments):
        env = {**os.environ, "TROUPE_BINARY": str(servers.troupe_binary()), "TMPDIR": str(self.temporary)}
        process = subprocess.Popen([EXAMPLES / self.name / program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=env, cwd="/", start_new_session=True)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        process.communicate()

    def finish(self, process, code):
        """Its output, once it ended with this code and left nothing."""
        output, errors = process.communicate(timeout=PATIENCE_S)
        if process.returncode == 77 and code == 0:
            self.skipTest(output.strip())
        self.assertEqual(process.returncode, code, output + errors)
        left = [pid for pid in os.listdir("/proc") if pid.isdigit() and session_of(pid) == process.pid]
        commands = [pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        self.assertEqual(commands, [], "these run on")
        self.assertEqual(os.listdir(self.temporary), [])
        return output

    def run_it(self, *arguments, code=0, program="run"):
        return self.finish(self.start(program, *arguments), code)


class CurlSession(Example):
    def test_each_answer_is_what_the_session_says(self):
        output = self.run_it()
        statuses = re.findall(r"^(\d{3})\b", output, re.MULTILINE)
        self.assertEqual(statuses, "201 201 200 200 200 412 422 204 404 204".split())
        self.assertIn('[{"name":"Floor lamp","price":80.0},{"name":"Desk lamp","price":12.5}]', output)
        self.assertIn('"price":11.0', output)
        self.assertIn('"loc":["body","name"]', output)

    def test_it_fails_where_nobody_answers(self):
        self.run_it(f"http://127.0.0.1:{servers.free_port()}", program="session.sh", code=7)


class OwnResources(Example):
    def test_the_file_narrows_what_the_tables_are(self):
        output = self.run_it()
        for expected in ("[resource.films]", '200 [{"id":30,"total":599.70,', '200 {"id":1,"email":"ada@example.org","name":"Ada"}\n',
                         "422 ", '"loc":["body","total"]', "405 ", "404 ", '200 [{"id":1,"name":"Ada","total":3958.02},'):
            self.assertIn(expected, output)

    def test_when_it_is_stopped_it_leaves_nothing(self):
        process = self.start("run")
        deadline = time.monotonic() + PATIENCE_S
        while not any((path / "data" / "postmaster.pid").exists() for path in self.temporary.iterdir()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        self.finish(process, 143)


class OwnScenario(Example):
    def test_each_task_is_tried_and_done_on_a_copy(self):
        output = self.run_it()
        self.assertIn("4 requests, 0 faults", output)
        for task in ("get orders", "top_customers", "list orders", "create orders"):
            self.assertRegex(output, rf"(?m)^[A-Z]+ +{task} +[1-9]\d* +0 \(0\.00%\)")
        self.assertEqual(len(re.findall(r"(?m)^passed  fail if ", output)), 2)
        self.assertTrue(output.endswith("\n30 orders\n"), output[-200:])

    def test_a_condition_that_holds_is_exit_code_4(self):
        output = self.run_it("--duration", "500ms", "--fail-if", "rate > 1", code=4)
        self.assertRegex(output, r"(?m)^FAILED  fail if rate > 1")


class OwnSweep(Example):
    def test_what_it_recommends_is_what_is_served(self):
        output = self.run_it()
        self.assertIn("4 cells × 3 repeats", output)
        self.assertIn("2 cells left out by constraints", output)
        batching, pool_size = re.search(r"(?m)^Run batching=(\w+) pool_size=(\d+): [\d,.]+ requests/s at 16 users", output).groups()
        in_force = output.split("--print-config")[1]
        self.assertRegex(in_force, rf"(?m)^pool_size = {pool_size} +# file .*best\.toml")
        self.assertRegex(in_force, rf'(?m)^batching = "{batching}" +# file .*best\.toml')
        self.assertTrue(output.endswith("\n12 repeats\n"), output[-200:])


class SweepFastapi(Example):
    def test_both_pools_are_measured_without_an_error(self):
        output = self.run_it()
        self.assertEqual(len(re.findall(r"(?m)^\d/4 ", output)), 4, output)
        for pool in (1, 8):
            row = re.search(rf"(?m)^pool={pool} +16 users .* 0 % +([\d.]+)$", output)
            self.assertTrue(row, output)
            self.assertGreater(float(row.group(1)), 0)
        self.assertRegex(output, r"(?m)^Run pool=[18]: ")


class CompareInCi(Example):
    def test_a_slower_program_is_stopped_and_the_same_one_is_not(self):
        same, slower = self.run_it().split("== a change that takes twice as long")
        self.assertRegex(same, r"(?m)^gate: exit code [06]$")
        self.assertNotIn("REGRESSION", same)
        self.assertIn("gate: measuring new-2", slower)
        self.assertRegex(slower, r"(?m)^  rate .*REGRESSION$")
        self.assertRegex(slower, r"(?m)^gate: exit code 4$")

    def test_a_program_that_fails_is_no_regression(self):
        self.run_it("/bin/false", "/bin/true", program="gate", code=1)

    def test_the_job_names_what_is_there(self):
        for command in re.findall(r"(?m)^      run: (.*)$", (EXAMPLES / self.name / "job.yaml").read_text()):
            for path in re.findall(r"(?:scripts|examples)/[\w/-]+", command):
                self.assertTrue(os.access(ROOT / path, os.X_OK), path)


class Documents(unittest.TestCase):
    def test_what_they_quote_is_the_files_own_text(self):
        for file, where in QUOTED.items():
            pages = (ROOT / where).rglob("*.md") if where == "docs" else [ROOT / where]
            blocks = [block for page in pages for block in re.findall(r"```\w+\n(.*?)```", page.read_text(), re.DOTALL)]
            self.assertIn((EXAMPLES / file).read_text(), blocks, f"{where} does not quote examples/{file} as it is")

    def test_each_example_is_listed_and_run(self):
        there = {path.parent.name for path in EXAMPLES.glob("*/run")}
        self.assertEqual(there, {path.name for path in EXAMPLES.iterdir() if path.is_dir()})
        self.assertEqual(there, set(CASES) - {"documents"})
        listed = re.findall(r"(?m)^\| \[([\w-]+)\]", (EXAMPLES / "README.md").read_text())
        self.assertEqual(there, set(listed))
        tests = re.search(r"foreach\(example ([^)]*)\)", (ROOT / "tests" / "CMakeLists.txt").read_text()).group(1)
        self.assertEqual(there, set(tests.split()))


CASES = {"curl-session": CurlSession, "own-resources": OwnResources, "own-scenario": OwnScenario, "own-sweep": OwnSweep,
         "sweep-fastapi": SweepFastapi, "compare-in-ci": CompareInCi, "documents": Documents}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in CASES:
        sys.exit(f"examples_test: give it one of {', '.join(CASES)}")
    case = CASES[sys.argv[1]]
    case.name = sys.argv[1]
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(case)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped else 0)


if __name__ == "__main__":
    main()
