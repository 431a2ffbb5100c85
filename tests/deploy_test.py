#!/usr/bin/env python3
"""Holds deploy/ against the built troupe: settings, probes, metric, drain and sums, and what PgBouncer lets through.

Exit 77 (skipped) without PyYAML; the tests with PgBouncer are skipped where it is not installed.
"""
import contextlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

try:
    import yaml
except ImportError:  # another Python may come first in the path than Debian's, which has it
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("deploy_test is SKIPPED: PyYAML is not installed (scripts/setup --peers)")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "peers"))
import servers  # noqa: E402

MANIFEST = {document["kind"]: document for document in yaml.safe_load_all((ROOT / "deploy" / "troupe.yaml").read_text())}
POD = MANIFEST["Deployment"]["spec"]["template"]
CONTAINER = POD["spec"]["containers"][0]
TROUPE = next(app for app in servers.APPS if app.name == "troupe")
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


def settings():
    """The container's environment, without the database's address."""
    return {entry["name"]: entry["value"] for entry in CONTAINER["env"] if "value" in entry}


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


class DatabaseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = servers.work_directory()
        cls.directory = directory.__enter__()
        cls.addClassCleanup(directory.__exit__, None, None, None)
        clusters = servers.clusters(cls.directory / "postgres", 1)
        (cls.cluster,) = clusters.__enter__()
        cls.addClassCleanup(clusters.__exit__, None, None, None)

    def start(self, command, env, name):
        port = servers.free_port()
        log = self.directory / f"{name}.log"
        process = servers.spawn([servers.troupe_binary(), *command], log, {**env, "TROUPE_SERVER_PORT": str(port)}, cwd="/")
        self.addCleanup(servers.stop, process)
        servers.wait_until_it_answers(TROUPE, process, port, log)
        return process, port


class Manifest(DatabaseTest):
    def start_container(self, name):
        env = {**servers.clean_environment(), **settings(), "DATABASE_URL": self.cluster.url}
        return self.start(CONTAINER["args"], env, name)

    def test_each_part_of_the_manifest_means_the_same_pods(self):
        labels = POD["metadata"]["labels"]
        self.assertEqual(MANIFEST["Deployment"]["spec"]["selector"]["matchLabels"], labels)
        self.assertEqual(MANIFEST["Service"]["spec"]["selector"], labels)
        self.assertEqual(MANIFEST["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"], labels)
        target = MANIFEST["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
        self.assertEqual((target["kind"], target["name"]), ("Deployment", MANIFEST["Deployment"]["metadata"]["name"]))
        self.assertNotIn("replicas", MANIFEST["Deployment"]["spec"])
        (port,) = CONTAINER["ports"]
        self.assertEqual(MANIFEST["Service"]["spec"]["ports"][0]["targetPort"], port["name"])
        self.assertEqual(settings()["TROUPE_SERVER_PORT"], str(port["containerPort"]))

    def test_the_image_has_this_version(self):
        version = subprocess.run([servers.troupe_binary(), "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
        self.assertEqual(CONTAINER["image"], f"troupe:{version}")

    def test_probes_and_the_scraped_path_are_answered(self):
        _, port = self.start_container("probes")
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            get = CONTAINER[probe]["httpGet"]
            self.assertEqual(get["port"], "http")
            self.assertEqual(ask(port, get["path"])[0], 200, probe)
        self.assertEqual(ask(port, POD["metadata"]["annotations"]["prometheus.io/path"])[0], 200)

    def test_the_autoscalers_metric_counts_items_and_no_probes(self):
        (rule,) = yaml.safe_load((ROOT / "deploy" / "prometheus-adapter.yaml").read_text())["rules"]["custom"]
        (metric,) = MANIFEST["HorizontalPodAutoscaler"]["spec"]["metrics"]
        self.assertEqual(metric["pods"]["metric"]["name"], rule["name"]["as"])
        series = rule["seriesQuery"].split("{")[0]
        ignored = re.compile(re.search(r'route!~"([^"]+)"', rule["metricsQuery"]).group(1))
        _, port = self.start_container("metric")
        for path in ("/items/", "/health/live", "/health/ready", "/metrics"):
            ask(port, path)
        routes = re.findall(rf'^{series}{{route="([^"]+)"', ask(port, "/metrics")[1], re.MULTILINE)
        self.assertEqual({route for route in routes if not ignored.fullmatch(route)}, {"GET /items/"})
        self.assertEqual(len(routes), 4)

    def test_all_replicas_fit_into_postgresqls_default_connections(self):
        most = MANIFEST["HorizontalPodAutoscaler"]["spec"]["maxReplicas"] + MANIFEST["Deployment"]["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
        reserved = int(self.cluster.run_sql("SHOW superuser_reserved_connections"))
        needed = most * (int(settings()["TROUPE_DATABASE_POOL_SIZE"]) + 1) + reserved
        self.assertLessEqual(needed, 100)
        self.assertIn(f"{reserved} = {needed} ≤ 100", (ROOT / "deploy" / "README.md").read_text())

    def test_a_pod_is_gone_before_the_kubelet_kills_it(self):
        command = CONTAINER["lifecycle"]["preStop"]["exec"]["command"]
        self.assertTrue(shutil.which(command[0]))
        shown = subprocess.run([servers.troupe_binary(), "serve", "--print-config"], capture_output=True, text=True, cwd="/",
                               env={**servers.clean_environment(), **settings()}).stdout
        shutdown_s = int(re.search(r'shutdown_timeout = "(\d+)s"', shown).group(1))
        self.assertLess(int(command[1]) + shutdown_s, POD["spec"]["terminationGracePeriodSeconds"])

    def test_a_request_that_runs_at_sigterm_is_answered(self):
        process, port = self.start_container("drain")
        blocker = subprocess.Popen([servers.postgres_directory() / "psql", "-Xq", "-d", self.cluster.url, "-c",
                                    "BEGIN; LOCK TABLE items; SELECT pg_sleep(1.5); COMMIT"], stdout=subprocess.DEVNULL)
        self.addCleanup(blocker.wait)
        time.sleep(0.5)
        answers = []
        request = threading.Thread(target=lambda: answers.append(ask(port, "/items/")))
        request.start()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        request.join()
        self.assertEqual([status for status, _ in answers], [200])
        self.assertEqual(process.wait(15), 0)


@unittest.skipUnless(PGBOUNCER, "pgbouncer is not installed")
class PgBouncer(DatabaseTest):
    """What deploy/README.md says of it."""

    def start_pgbouncer(self, mode):
        directory = self.directory / mode
        directory.mkdir()
        port = servers.free_port()
        (directory / "users.txt").write_text('"postgres" ""\n')
        (directory / "pgbouncer.ini").write_text(
            f"[databases]\npostgres = host=127.0.0.1 port={self.cluster.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            f"unix_socket_dir =\nauth_type = trust\nauth_file = {directory}/users.txt\npool_mode = {mode}\n")
        process = servers.spawn([PGBOUNCER, directory / "pgbouncer.ini"], directory / "log", cwd="/", **servers.postgres_user())
        self.addCleanup(servers.stop, process, signal.SIGINT)
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        deadline = time.monotonic() + 10
        while subprocess.run([servers.postgres_directory() / "psql", "-Xq", "-d", url, "-c", "SELECT 1"], capture_output=True).returncode:
            self.assertLess(time.monotonic(), deadline, servers.tail(directory / "log"))
            time.sleep(0.1)
        return {**servers.clean_environment(), "DATABASE_URL": url, "TROUPE_DATABASE_POOL_SIZE": "4"}

    def test_in_session_mode_several_servers_work(self):
        env = self.start_pgbouncer("session")
        for number in range(3):
            _, port = self.start(["serve"], env, f"session{number}")
            for path in ("/health/ready", "/items/", "/items/?order=-price&limit=3"):
                self.assertEqual(ask(port, path)[0], 200)

    def test_in_transaction_mode_a_second_server_is_refused_for_its_prepared_statements(self):
        env = self.start_pgbouncer("transaction")
        with self.assertRaisesRegex(servers.ServerError, "42P05"):
            for number in range(4):  # the first may get fresh connections
                self.start(["serve"], env, f"transaction{number}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
