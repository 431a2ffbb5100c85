#!/usr/bin/env python3
"""docs/how-to/expose-it.md as it stands: what it says is run with the real programs, alone, behind nginx and behind HAProxy.

Only what a test cannot have is replaced: ports, /etc/troupe, /var/log/troupe. Exit 77 (skipped) without openssl; a proxy that is not installed
is skipped with a line.
"""
import contextlib
import http.client
import os
import pathlib
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "peers"))
import servers  # noqa: E402

PAGE = (ROOT / "docs" / "how-to" / "expose-it.md").read_text()
PATH = f"{os.environ['PATH']}:/usr/sbin"
HOST = "shop.example"
PATIENCE_S = 30
# "alone" reads one section of the page, "nginx" another.
SECTIONS = {"alone": "## 3a.", "nginx": "## 3b.", "haproxy": "## 3c."}
CLIENT = "127.0.0.9"  # an address that is not the proxy's


def blocks(language, section=None):
    """The page's fenced blocks of a language, in one of its sections or all."""
    text = PAGE if section is None else PAGE.split(section)[1].split("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


class ExposeIt(unittest.TestCase):
    way = None

    @classmethod
    def setUpClass(cls):
        directory = servers.work_directory()
        cls.folder = pathlib.Path(directory.__enter__())
        cls.addClassCleanup(directory.__exit__, None, None, None)
        clusters = servers.clusters(cls.folder / "postgres", 1)
        (cls.cluster,) = clusters.__enter__()
        cls.addClassCleanup(clusters.__exit__, None, None, None)
        cls.inner, cls.outer, cls.admin = (servers.free_port() for _ in range(3))
        (cls.folder / "log").mkdir()
        os.chmod(cls.folder / "log", 0o777)  # another user serves when we are root
        cls.make_certificate()
        cls.key, cls.operator = cls.make_key("till-3", "clerk"), cls.make_key("prometheus", "operator")
        roles = blocks("toml")[0]
        with open(cls.folder / "auth.toml", "r+", encoding="utf-8") as rules:
            keys = re.sub(r"^\[role\..*?(?=^\[|\Z)", "", rules.read(), flags=re.DOTALL | re.MULTILINE)
            rules.seek(0)
            rules.truncate()
            rules.write(roles + "\n" + keys)
        os.chmod(cls.folder / "auth.toml", 0o644)
        (cls.folder / "troupe.toml").write_text(cls.here(blocks("toml")[1]))
        cls.start()

    @classmethod
    def here(cls, text):
        """What the page says, at this test's places."""
        for said, ours in (("/etc/troupe/", f"{cls.folder}/"), ("/var/log/troupe/", f"{cls.folder}/log/"), ("port = 9090", f"port = {cls.admin}"),
                           ("127.0.0.1:8080", f"127.0.0.1:{cls.inner}"), ("--port 8080", f"--port {cls.inner}"),
                           ("listen 443 ssl", f"listen 127.0.0.1:{cls.outer} ssl"), ("bind :443", f"bind 127.0.0.1:{cls.outer}"),
                           ("--port 443", f"--port {cls.outer}")):
            text = text.replace(said, ours)
        return text

    @classmethod
    def make_certificate(cls):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", cls.folder / "shop.key", "-out",
                        cls.folder / "shop.pem"], check=True, capture_output=True)
        os.chmod(cls.folder / "shop.key", 0o644)
        (cls.folder / "shop.both.pem").write_text((cls.folder / "shop.pem").read_text() + (cls.folder / "shop.key").read_text())

    @classmethod
    def make_key(cls, name, role):
        made = subprocess.run([servers.troupe_binary(), "auth", "new-key", "--auth", cls.folder / "auth.toml", "--name", name, "--role", role],
                              capture_output=True, text=True, env=servers.clean_environment())
        assert made.returncode == 0, made.stderr
        return re.search(r"troupe_\S+", made.stdout).group()

    @classmethod
    def start(cls):
        section = SECTIONS["alone" if cls.way == "alone" else "nginx"]
        command = shlex.split(cls.here(blocks("sh", section)[0]).replace("\\\n", " "))
        command[0] = servers.troupe_binary()
        cls.server = servers.spawn([*command, "--database-url", cls.cluster.url], cls.folder / "troupe.out", servers.clean_environment())
        cls.addClassCleanup(servers.stop, cls.server)
        if cls.way == "nginx":
            cls.run_nginx()
        elif cls.way == "haproxy":
            (cls.folder / "haproxy.cfg").write_text(cls.here(blocks("haproxy")[0]))
            cls.run_proxy([shutil.which("haproxy", path=PATH), "-db", "-f", cls.folder / "haproxy.cfg"])
        cls.wait_until(lambda: cls.ask("GET", "/health/ready")[0] == 200, "a ready server")

    @classmethod
    def run_nginx(cls):
        folder = cls.folder / "nginx"
        folder.mkdir()
        temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
            f"{'user root;' if os.geteuid() == 0 else ''}\nhttp {{ access_log off;\n{temporary}{cls.here(blocks('nginx')[0])} }}\n")
        cls.run_proxy([shutil.which("nginx", path=PATH), "-p", folder, "-c", folder / "nginx.conf"])

    @classmethod
    def run_proxy(cls, command):
        process = servers.spawn(command, cls.folder / "proxy.out")
        cls.addClassCleanup(servers.stop, process)

    @classmethod
    def wait_until(cls, condition, what):
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if condition():
                    return
            if time.monotonic() > deadline or cls.server.poll() not in (None, 0):
                outputs = "".join(f"\n{file.name}:\n{servers.tail(file)}" for file in cls.folder.glob("*.out"))
                raise AssertionError(f"there is no {what}{outputs}")
            time.sleep(0.05)

    @classmethod
    def ask(cls, method, path, body=None, key=None, **fields):
        context = ssl.create_default_context(cafile=str(cls.folder / "shop.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", cls.outer, timeout=10, context=context, source_address=(CLIENT, 0))
        connection._create_connection = lambda address, *rest: http.client.socket.create_connection(("127.0.0.1", cls.outer), *rest)
        connection.host = HOST  # what the certificate must be for
        with contextlib.closing(connection):
            fields = {"Host": HOST, **{name.replace("_", "-"): value for name, value in fields.items()}}
            if key:
                fields["Authorization"] = f"Bearer {key}"
            if body:
                fields["Content-Type"] = "application/json"
            connection.request(method, path, body, fields)
            response = connection.getresponse()
            return response.status, response.read().decode(), response

    def test_a_clerk_does_what_clerks_may_and_nothing_else(self):
        self.assertEqual(self.ask("GET", "/items/")[0], 401)
        status, _, response = self.ask("POST", "/items/", '{"name": "Lamp", "price": 12.5}', self.key)
        self.assertEqual(status, 201)
        self.assertEqual(self.ask("GET", response.headers["Location"], key=self.key)[0], 200)
        self.assertEqual(self.ask("DELETE", response.headers["Location"], key=self.key)[0], 403)
        self.assertEqual(self.ask("GET", "/items/", key=self.key + "x")[0], 401)

    def test_another_host_is_refused(self):
        self.assertEqual(self.ask("GET", "/health/ready", Host="evil.example")[0], 421)

    def test_the_log_has_the_clients_address_whatever_the_client_says_itself(self):
        mark = f"/items/{time.monotonic_ns()}"
        self.ask("GET", mark, key=self.key, X_Forwarded_For="10.1.2.3", Forwarded="for=10.1.2.3")
        log = self.folder / "log" / "access.log"
        self.wait_until(lambda: mark in log.read_text(), "line in the access log")
        (line,) = [line for line in log.read_text().splitlines() if mark in line]
        self.assertTrue(line.startswith(f"{CLIENT} "), line)
        self.assertIn("till-3", line)
        self.assertNotIn("10.1.2.3", line)

    def test_metrics_are_the_admin_listeners_only(self):
        self.assertNotEqual(self.ask("GET", "/metrics", key=self.key)[0], 200)
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {self.operator}"})
            response = connection.getresponse()
            self.assertEqual(response.status, 200)
            self.assertIn("troupe_http_requests_total", response.read().decode())

    def test_one_address_that_asks_too_much_is_told_to_wait_and_others_are_not(self):
        context = ssl.create_default_context(cafile=str(self.folder / "shop.pem"))
        raw = http.client.socket.create_connection(("127.0.0.1", self.outer), 10, source_address=("127.0.0.10", 0))
        with contextlib.closing(context.wrap_socket(raw, server_hostname=HOST)) as client:
            client.sendall(f"GET /items/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() * 400)
            got = b""
            deadline = time.monotonic() + PATIENCE_S
            while b" 429 " not in got and time.monotonic() < deadline:
                got += client.recv(65536)
        self.assertIn(b" 429 ", got)
        self.assertIn(b"retry-after:", got.lower())
        self.assertEqual(self.ask("GET", "/health/live")[0], 200)

    def test_z_it_serves_on_for_a_while_when_it_is_told_to_stop(self):
        self.server.send_signal(signal.SIGTERM)
        self.wait_until(lambda: self.ready_inside() == 503, "server that is not ready")
        if self.way != "haproxy":  # which takes it out once it has seen that
            self.assertEqual(self.ask("GET", "/items/", key=self.key)[0], 200)
        self.assertEqual(self.server.wait(PATIENCE_S), 0)

    def ready_inside(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", "/health/ready")
            return connection.getresponse().status


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in SECTIONS:
        sys.exit(f"expose_it_test: give it one of {', '.join(SECTIONS)}")
    ExposeIt.way = sys.argv[1]
    for program in ("openssl", *(() if ExposeIt.way == "alone" else (ExposeIt.way,))):
        if not shutil.which(program, path=PATH):
            print(f"expose_it {ExposeIt.way} is SKIPPED: {program} is not installed (scripts/setup --peers)")
            sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
