#!/usr/bin/env python3
"""Users of `troupe simulate` get through TLS and a login to any of the apps.

tests/contract/behind_login_test.py APP    exit 77 where the app or nginx is not installed

$TROUPE_BINARY is the binary to test, build/release/troupe otherwise.
"""
import json
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "peers"))
import login_front  # noqa: E402
import servers  # noqa: E402

SKIPPED = 77  # as CTest is told
USERS = 4

SCENARIO = """
[[user]]
name = "buyer"

[[user.start]]
name = "login"
method = "POST"
path = "/login"
json = { user = "u{user}" }
extract = { token = "/access_token" }

[[user.step]]
name = "create"
method = "POST"
path = "/items/"
json = { name = "Lamp {uuid}", price = 12.5 }
auth = { bearer = "{token}" }
checks = { status = [201] }
extract = { item = "/id" }

[[user.step]]
name = "read"
method = "GET"
path = "/items/{item}"
auth = { bearer = "{token}" }
checks = { status = [200], json = { "/price" = 12.5 } }

[[user.step]]
name = "remove"
method = "DELETE"
path = "/items/{item}"
auth = { bearer = "{token}" }
checks = { status = [204] }
"""


class BehindLogin(unittest.TestCase):
    app = None

    @classmethod
    def setUpClass(cls):
        directory = servers.work_directory()
        cls.path = directory.__enter__()
        cls.addClassCleanup(directory.__exit__, None, None, None)
        clusters = servers.clusters(cls.path / "postgres", 1)
        (cluster,) = clusters.__enter__()
        cls.addClassCleanup(clusters.__exit__, None, None, None)
        port = servers.free_port()
        process = cls.app.start(port, cluster.url, cls.path / "app.log")
        cls.addClassCleanup(servers.stop, process)
        front = login_front.front(cls.path / "front", port)
        cls.port = front.__enter__()
        cls.addClassCleanup(front.__exit__, None, None, None)

    def simulate(self, scenario, *flags, trust=True):
        file = self.path / "scenario.toml"
        file.write_text(scenario)
        command = [servers.troupe_binary(), "simulate", "--scenario", file, "--target", f"https://localhost:{self.port}", *flags]
        if trust:
            command += ["--cacert", self.path / "front" / "authority.pem"]
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, env=servers.clean_environment(), timeout=120)

    def measured(self, scenario, *flags):
        file = self.path / "result.json"
        run = self.simulate(scenario, "--users", str(USERS), "--duration", "2s", "--warm-up", "0s", "--quiet", "--json", file, *flags)
        return run, json.loads(file.read_text())

    def test_every_user_logs_in_once_and_its_token_and_cookie_open_the_app(self):
        run, result = self.measured(SCENARIO, "--fail-if", "error_rate > 0%")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        tasks = {task["name"]: task for task in result["tasks"]}
        self.assertEqual(tasks["login"]["requests"], USERS)
        self.assertGreater(tasks["remove"]["requests"], USERS)
        self.assertEqual(set(result["statuses"]), {"200", "201", "204"})

    def test_without_the_token_everything_is_refused_and_the_run_fails(self):
        run, result = self.measured(SCENARIO.replace('auth = { bearer = "{token}" }', ""), "--fail-if", "checks < 99%")
        self.assertEqual(run.returncode, 4, run.stdout + run.stderr)
        tasks = {task["name"]: task for task in result["tasks"]}
        self.assertEqual(tasks["create"]["failed"], tasks["create"]["requests"])
        self.assertIn("401", result["statuses"])

    def test_a_scenario_is_tried_out_without_showing_a_secret(self):
        run = self.simulate(SCENARIO, "--check")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("POST /login", run.stdout)
        for secret in (login_front.TOKEN, login_front.SESSION):
            self.assertNotIn(secret, run.stdout + run.stderr)

    def test_a_certificate_that_nobody_vouches_for_is_refused_in_one_line(self):
        run = self.simulate(SCENARIO, "--duration", "1s", trust=False)
        self.assertNotEqual(run.returncode, 0)
        self.assertEqual(len(run.stderr.strip().splitlines()), 1, run.stderr)
        self.assertIn("certificate", run.stderr)


def main():
    apps = {app.name: app for app in servers.APPS}
    if len(sys.argv) != 2 or sys.argv[1] not in apps:
        sys.exit(f"behind_login: give it one of {', '.join(apps)}")
    app = apps[sys.argv[1]]
    reason = app.check()[1]
    if reason and app.name == "troupe":
        sys.exit(f"behind_login: {reason}")
    missing = login_front.missing()
    reason = reason or (f"{missing} is not installed" if missing else "")
    if reason:
        print(f"behind_login: {app.name} is SKIPPED: {reason}")
        sys.exit(SKIPPED)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(type(app.name, (BehindLogin,), {"app": app}))
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
