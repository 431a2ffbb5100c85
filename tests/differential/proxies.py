"""Debian's nginx and HAProxy in front of a recorder. Each marks every request that it forwards."""
import pathlib
import shutil
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "peers"))
import servers  # noqa: E402

MARK = "X-Forwarded-Once"

NGINX = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  ignore_invalid_headers off;
  underscores_in_headers on;
  {lanes}
}}
"""
NGINX_LANE = """
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{backend};
      proxy_http_version 1.1;
      proxy_request_buffering {buffering};
      proxy_ignore_client_abort on;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
      proxy_set_header {mark} {secret};
      proxy_connect_timeout 2s;
      proxy_read_timeout 2s;
    }}
  }}
"""

HAPROXY = """
global
  nbthread 1
  maxconn 512
  {lenient_global}
defaults
  mode http
  timeout connect 2s
  timeout client 250ms
  timeout server 2s
  timeout http-request 250ms
  timeout http-keep-alive 100ms
  {lenient}
{lanes}
"""
HAPROXY_LANE = """
frontend in{port}
  bind 127.0.0.1:{port}
  http-request set-header {mark} {secret}
  default_backend out{port}
backend out{port}
  http-reuse never
  server recorder 127.0.0.1:{backend}
"""


def find(program):
    return shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")


# Proxies as lenient as they can be told to be, too: what they let through is what we must not fall for.
KINDS = {
    "nginx": ("nginx", {"buffering": "on"}),
    "nginx, unbuffered": ("nginx", {"buffering": "off"}),
    "haproxy": ("haproxy", {"lenient": "", "lenient_global": ""}),
    "haproxy, lenient": ("haproxy", {"lenient": "option accept-invalid-http-request", "lenient_global": ""}),
}
TEMPLATES = {"nginx": (NGINX, NGINX_LANE), "haproxy": (HAPROXY, HAPROXY_LANE)}


class Proxy:
    """One program with a port for each of `backends`, so that several inputs are under way and none is taken for another."""

    def __init__(self, kind, directory, backends, secret):
        program, options = KINDS[kind]
        self.kind = kind
        self.ends_on_eof = program == "nginx"  # HAProxy answers no more than what it already began
        self.ports = [servers.free_port() for _ in backends]
        self.directory = pathlib.Path(directory)
        self.directory.mkdir()
        whole, lane = TEMPLATES[program]
        lanes = "".join(lane.format(port=port, backend=backend, mark=MARK, secret=secret, **options) for port, backend in zip(self.ports, backends))
        configuration = self.directory / "configuration"
        configuration.write_text(whole.format(directory=self.directory, lanes=lanes, **options))
        path = find(program)
        command = [path, "-p", self.directory, "-e", self.directory / "error.log", "-c", configuration] if program == "nginx" else [path, "-db", "-f", configuration]
        self.log = self.directory / "log"
        self.process = servers.spawn(command, self.log)

    def wait(self):
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.ports[-1])) == 0:
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise servers.ServerError(f"{self.kind} did not start:\n{servers.tail(self.log)}")
            time.sleep(0.05)

    def stop(self):
        servers.stop(self.process)
