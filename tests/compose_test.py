#!/usr/bin/env python3
"""Holds compose.yaml and Dockerfile against the Compose specification's schema and against this machine.

There is no Docker engine where this runs. So the structure is checked by rules taken from the specification, and what the files
name is tried by hand: every path, package and port, every command and health check. Exit 77 (skipped) without PyYAML.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
from urllib.parse import urlsplit

try:
    import yaml
except ImportError:  # another Python may come first in the path than Debian's, which has it
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("compose_test is SKIPPED: PyYAML is not installed (scripts/setup --peers)")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "peers"))
import servers  # noqa: E402

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
APPS = {app.name: app for app in servers.APPS}
IMAGE_ROOT = "/opt/troupe"  # WORKDIR of Dockerfile: this repository, by hand

DURATION = r"(\d+(us|ms|s|m|h))+"


def is_list_of_text(value):
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def is_text_map(value):
    return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())


def is_healthcheck(value):
    if value == {"disable": True}:
        return True
    return (set(value) <= {"test", "interval", "timeout", "retries", "start_period"} and is_list_of_text(value["test"])
            and value["test"][0] in ("CMD", "CMD-SHELL") and isinstance(value.get("retries", 1), int)
            and all(re.fullmatch(DURATION, value[key]) for key in ("interval", "timeout", "start_period") if key in value))


def is_dependency_map(value):
    conditions = ("service_started", "service_healthy", "service_completed_successfully")
    return all(set(part) == {"condition"} and part["condition"] in conditions for part in value.values())


# The part of the Compose specification's schema for services that this file uses.
SERVICE_SCHEMA = {
    "image": lambda value: isinstance(value, str),
    "build": lambda value: is_text_map(value) and set(value) <= {"context", "target", "dockerfile"},
    "command": is_list_of_text,
    "entrypoint": is_list_of_text,
    "environment": is_text_map,
    "healthcheck": is_healthcheck,
    "depends_on": is_dependency_map,
    "ports": lambda value: is_list_of_text(value) and all(re.fullmatch(r"\d+:\d+", port) for port in value),
    "volumes": lambda value: is_list_of_text(value) and all(re.fullmatch(r"[\w.-]+:/[\w/.-]+", volume) for volume in value),
    "profiles": is_list_of_text,
}


def read_dockerfile():
    """{stage: [(instruction, its text)]}, with what a stage takes over from the one it is made from."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    stages, current = {}, None
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        instruction, rest = line.split(None, 1)
        if instruction == "FROM":
            base, _, name = rest.split()
            current = stages[name] = list(stages.get(base, []))
        else:
            current.append((instruction, rest))
    return stages


STAGES = read_dockerfile()


def last(stage, instruction):
    found = [rest for name, rest in STAGES[stage] if name == instruction]
    return found[-1] if found else None


def packages(stage):
    return [package for name, rest in STAGES[stage] if name == "RUN"
            for part in re.findall(r"--no-install-recommends ([^&]+)", rest) for package in part.split()]


class Structure(unittest.TestCase):
    def test_only_what_the_schema_allows_is_used(self):
        for key in COMPOSE:
            self.assertTrue(key in ("name", "services", "volumes") or key.startswith("x-"), key)
        for name, service in SERVICES.items():
            for key, value in service.items():
                with self.subTest(service=name, key=key):
                    self.assertIn(key, SERVICE_SCHEMA)
                    self.assertTrue(SERVICE_SCHEMA[key](value), value)
            self.assertEqual("image" in service, "build" not in service, name)

    def test_every_service_volume_and_stage_that_is_named_exists(self):
        for name, service in SERVICES.items():
            for dependency in service.get("depends_on", {}):
                self.assertIn(dependency, SERVICES, name)
            for volume in service.get("volumes", []):
                self.assertIn(volume.split(":")[0], COMPOSE["volumes"], name)
            if "build" in service:
                self.assertIn(service["build"]["target"], STAGES, name)
                self.assertTrue((ROOT / service["build"]["context"] / "Dockerfile").is_file())

    def test_each_app_has_its_own_healthy_postgresql_15_and_the_originals_port(self):
        volumes = set()
        for name, app in APPS.items():
            service, database = SERVICES[name], SERVICES[f"postgres-{name}"]
            url, login = urlsplit(service["environment"]["DATABASE_URL"]), database["environment"]
            self.assertEqual(url.hostname, f"postgres-{name}")
            self.assertEqual((url.username, url.password, url.path), (login["POSTGRES_USER"], login["POSTGRES_PASSWORD"], f"/{login['POSTGRES_DB']}"))
            self.assertEqual(service["depends_on"], {f"postgres-{name}": {"condition": "service_healthy"}})
            self.assertEqual(service["ports"], [f"{app.port}:{app.port}"])
            self.assertEqual(last(name, "EXPOSE"), str(app.port))
            self.assertEqual(database["image"], "postgres:15")
            self.assertIn("pg_isready", database["healthcheck"]["test"][1])
            volumes.update(database["volumes"])
        self.assertEqual(len(volumes), len(APPS))

    def test_no_image_runs_as_root_and_each_has_a_health_check_on_its_own_port(self):
        for name, app in APPS.items():
            self.assertEqual(last(name, "USER"), "app")
            self.assertIn(f"127.0.0.1:{app.port}/", last(name, "HEALTHCHECK"))

    def test_every_path_that_is_copied_exists(self):
        for stage, instructions in STAGES.items():
            for instruction, rest in instructions:
                if instruction == "COPY" and not rest.startswith("--from"):
                    for path in rest.split()[:-1]:
                        self.assertTrue((ROOT / path).exists(), f"{stage}: {path}")

    @unittest.skipUnless(shutil.which("apt-cache"), "no apt-cache")
    def test_every_package_exists(self):
        names = sorted({package for stage in STAGES for package in packages(stage) if not package.startswith("/")})
        known = subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True).stdout.split()
        if "gunicorn" not in known:
            self.skipTest("this machine's package lists are empty")
        self.assertEqual([name for name in names if name not in known], [])

    def test_the_troupe_image_has_what_the_package_says_it_needs(self):
        made = [rest for name, rest in STAGES["build"] if name == "RUN" and "scripts/package" in rest]
        self.assertEqual(made, ["scripts/package && mv build/package/*.deb /troupe.deb"])
        self.assertIn(("COPY", "--from=build /troupe.deb /tmp/troupe.deb"), STAGES["troupe"])
        self.assertIn("/tmp/troupe.deb", packages("troupe"))


def run(command, **options):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, timeout=60, **options).stdout


class ByHand(unittest.TestCase):
    """The commands themselves, on a database and ports of our own."""

    @classmethod
    def setUpClass(cls):
        directory = servers.work_directory()
        cls.directory = directory.__enter__()
        cls.addClassCleanup(directory.__exit__, None, None, None)
        clusters = servers.clusters(cls.directory / "postgres", 1)
        (cls.cluster,) = clusters.__enter__()
        cls.addClassCleanup(clusters.__exit__, None, None, None)
        cls.cluster.run_sql("CREATE ROLE items LOGIN PASSWORD 'items'")

    def start(self, name):
        """The port of the app, started by its image's own command in a database of its own."""
        login = SERVICES[f"postgres-{name}"]["environment"]
        self.cluster.run_sql(f"DROP DATABASE IF EXISTS {login['POSTGRES_DB']} WITH (FORCE)")
        self.cluster.run_sql(f"CREATE DATABASE {login['POSTGRES_DB']} OWNER {login['POSTGRES_USER']}")
        port = servers.free_port()
        url = SERVICES[name]["environment"]["DATABASE_URL"].replace(f"@postgres-{name}:5432", f"@127.0.0.1:{self.cluster.port}")
        variables = dict(part.split("=", 1) for instruction, rest in STAGES[name] if instruction == "ENV" for part in rest.split())
        env = {**servers.clean_environment(), **variables, "DATABASE_URL": url, "PORT": str(port)}
        if name == "troupe":
            env["TROUPE_SERVER_PORT"] = str(port)
        command = [*json.loads(last(name, "ENTRYPOINT") or "[]"), *json.loads(last(name, "CMD"))]
        if command[0] == "troupe":
            command[0] = servers.troupe_binary()
        self.assertEqual(last(name, "WORKDIR"), IMAGE_ROOT)
        log = self.directory / f"{name}.log"
        process = servers.spawn(command, log, env, cwd=ROOT)
        self.addCleanup(servers.stop, process)
        servers.wait_until_it_answers(APPS[name], process, port, log)
        return port

    def try_app(self, name):
        versions, reason = APPS[name].check()
        if reason:
            self.skipTest(reason)
        port = self.start(name)
        health = json.loads(last(name, "HEALTHCHECK").split("CMD ")[1])
        run([part.replace(f":{APPS[name].port}/", f":{port}/") for part in health])
        return port

    def test_the_fastapi_image_starts_and_is_healthy(self):
        self.try_app("fastapi")

    def test_the_flask_image_starts_and_is_healthy(self):
        self.try_app("flask")

    def test_the_drf_image_starts_and_is_healthy(self):
        self.try_app("drf")

    def test_the_fastify_image_starts_and_is_healthy(self):
        self.try_app("fastify")

    def test_the_troupe_image_starts_and_is_healthy_and_bench_loads_it(self):
        port = self.try_app("troupe")
        bench = SERVICES["bench"]
        for url in bench["command"]:
            target = urlsplit(url)
            self.assertEqual(target.port, APPS[target.hostname].port, url)
        if subprocess.run([servers.troupe_binary(), "simulate", "--help"], capture_output=True, env=servers.clean_environment()).returncode:
            self.skipTest("this binary has no simulate yet")
        env = {**os.environ, **bench["environment"], "TROUPE_BINARY": str(servers.troupe_binary()), "DURATION": "2s"}
        output = run([*bench["entrypoint"], f"http://127.0.0.1:{port}"], cwd=ROOT, env=env)
        self.assertIn("Aggregated", output)

    def test_the_databases_command_and_health_check_are_accepted_by_postgresql(self):
        service = SERVICES["postgres-troupe"]
        setting = service["command"][2].split("=")[0]
        self.assertEqual(service["command"][:2], ["postgres", "-c"])
        self.assertEqual(self.cluster.run_sql(f"SELECT count(*) FROM pg_settings WHERE name = '{setting}'"), "1")
        env = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.cluster.port), "PATH": f"{servers.postgres_directory()}:{os.environ['PATH']}"}
        run(["sh", "-c", service["healthcheck"]["test"][1]], env=env)


if __name__ == "__main__":
    unittest.main(verbosity=2)
