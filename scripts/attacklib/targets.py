"""The servers under attack: troupe serve as it comes, and Debian's nginx with the same answers from files."""
import contextlib
import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "peers"))
import servers  # noqa: E402

ROWS = 100  # of the page that slow readers ask for
DESCRIPTION = "d" * 1500
NGINX_PATH = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")

NGINX = """
daemon off;
worker_processes auto;
worker_rlimit_nofile 20000;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log crit;
events {{ worker_connections 10000; }}
http {{
  access_log off;
  default_type application/json;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  client_header_timeout 10s;
  client_body_timeout 30s;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port}{ssl} backlog=4096;
    {certificate}
    root {directory}/files;
    location = /items/1 {{ return 200 '{item}'; }}
    location = /items/ {{
      client_max_body_size 1m;
      error_page 405 =201 /created;
      try_files /list.json =404;
    }}
    location = /created {{ return 201 '{item}'; }}
  }}
}}
"""


class Target:
    def __init__(self, name, process, port, tls):
        self.name, self.process, self.port, self.tls = name, process, port, tls

    def pids(self):
        """The server's processes; never those of a PostgreSQL below it."""
        pids = [self.process.pid]
        if self.name == "nginx":
            with contextlib.suppress(OSError):
                pids += map(int, pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())
        return pids

    def rss_mib(self):
        total = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):
                total += int(re.search(r"^VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.MULTILINE).group(1))
        return total / 1024

    def lives(self):
        return self.process.poll() is None


class Watch(threading.Thread):
    """The most memory that a target had meanwhile."""

    def __init__(self, target):
        super().__init__(daemon=True)
        self.target, self.most, self.over = target, target.rss_mib(), threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            self.most = max(self.most, self.target.rss_mib())

    def stop(self):
        self.over.set()
        self.join()
        return self.most


def certificate(directory):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", directory / "key.pem", "-out",
                    directory / "certificate.pem", "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)


def wait_for_port(process, port, log):
    deadline = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise servers.ServerError(f"it did not start:\n{servers.tail(log)}")
        time.sleep(0.05)


def address_in(process, log, scheme="http"):
    """The port that a server printed."""
    deadline = time.monotonic() + 60
    while True:
        found = re.search(scheme + r"://127\.0\.0\.1:(\d+)", log.read_text(errors="replace"))
        if found:
            return int(found.group(1))
        if process.poll() is not None or time.monotonic() > deadline:
            raise servers.ServerError(f"it did not start:\n{servers.tail(log)}")
        time.sleep(0.05)


def trusting():
    """A context for certificates that nobody has signed."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fill(port, tls):
    """Rows enough for a large page."""
    scheme = "https" if tls else "http"
    row = {"name": "Lamp", "description": DESCRIPTION, "price": 12.5}
    request = urllib.request.Request(f"{scheme}://localhost:{port}/items/", json.dumps([row] * ROWS).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30, context=trusting() if tls else None) as answer:
        if answer.status != 201:
            raise servers.ServerError(f"the rows were not taken: {answer.status}")


def has_tls():
    """Whether this build of troupe speaks TLS."""
    run = subprocess.run([servers.troupe_binary(), "serve", "--help"], capture_output=True, text=True, env=servers.clean_environment())
    return "--tls " in run.stdout


@contextlib.contextmanager
def troupe(directory, tls=False, flags=()):
    """troupe serve with the limits that it comes with, and rows."""
    name = "troupe-tls" if tls else "troupe"
    log = directory / f"{name}.log"
    more = ["--tls", "self-signed"] if tls else []
    process = servers.spawn([servers.troupe_binary(), "serve", "--port", "0", "--data-dir", directory / name, *more, *flags], log,
                            servers.clean_environment(), cwd="/")
    try:
        port = address_in(process, log, "https" if tls else "http")
        fill(port, tls)
        yield Target("troupe", process, port, tls)
    finally:
        servers.stop(process)


@contextlib.contextmanager
def nginx(directory, tls=False):
    place = directory / ("nginx-tls" if tls else "nginx")
    (place / "files").mkdir(parents=True)
    item = json.dumps({"id": 1, "name": "Lamp", "description": DESCRIPTION, "price": 12.5, "in_stock": True})
    (place / "files" / "list.json").write_text("[" + ",".join([item] * ROWS) + "]")
    for one in (place, place / "files"):
        one.chmod(0o755)
    port = servers.free_port()
    if tls:
        certificate(place)
    (place / "nginx.conf").write_text(NGINX.format(
        directory=place, port=port, item=item, ssl=" ssl" if tls else "",
        certificate=f"ssl_certificate {place}/certificate.pem; ssl_certificate_key {place}/key.pem;" if tls else ""))
    process = servers.spawn([NGINX_PATH, "-p", place, "-e", place / "error.log", "-c", place / "nginx.conf"], place / "log")
    try:
        wait_for_port(process, port, place / "log")
        yield Target("nginx", process, port, tls)
    finally:
        servers.stop(process)
