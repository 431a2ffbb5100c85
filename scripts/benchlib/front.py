"""A server behind a login, over http and https: Debian's nginx, which answers by itself and makes every user a token of its own."""
import contextlib
import pathlib
import socket
import subprocess
import time

from .common import fail, need, running

# $request_id: 32 digits that are another's with each request. A private page demands both, as a real one does.
CONFIGURATION = """
daemon off;
user root;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes 1;
worker_rlimit_nofile 60000;
events {{ worker_connections 55000; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  client_body_temp_path {folder}/body;
  default_type application/json;
  map "$http_authorization $cookie_session" $stranger {{
    default 1;
    "~^Bearer [0-9a-f]{{32}} [0-9a-f]{{32}}$" 0;
  }}
  server {{
    listen 127.0.0.1:{http} backlog=4096;
    listen 127.0.0.1:{https} ssl backlog=4096;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_protocols TLSv1.2 TLSv1.3;  # 1.22 would leave 1.3 out
    location = /items/1 {{ return 200 '{item}'; }}
    location = /login {{
      add_header Set-Cookie "session=$request_id; Path=/; HttpOnly";
      return 200 '{{"access_token":"$request_id"}}';
    }}
    location = /private {{
      if ($stranger) {{ return 401; }}
      return 200 '{item}';
    }}
  }}
}}
"""
ITEM = '{"id":1,"name":"bench item","description":"an item to read","price":9.99,"in_stock":true}'
PATIENCE = 20  # seconds, for it to listen


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def make_certificate(folder):
    """One for 127.0.0.1, signed by itself, with a key as most servers have today."""
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                           "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem",
                           "-out", folder / "certificate.pem"], capture_output=True, text=True)
    if made.returncode != 0:
        fail(f"openssl made no certificate:\n{made.stderr}")


@contextlib.contextmanager
def front(directory):
    """Runs it until the block ends; gives (its process, its http URL, its https URL, the file that certifies it)."""
    need("nginx", "nginx-light")
    folder = pathlib.Path(directory) / "front"
    folder.mkdir()
    make_certificate(folder)
    ports = {"http": free_port(), "https": free_port()}
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, item=ITEM, **ports))
    command = f"echo http://127.0.0.1:{ports['http']}; exec nginx -p '{folder}' -c '{folder}/nginx.conf'"
    with running(["sh", "-c", command], directory, "nginx") as (process, port):
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                fail(f"nginx did not start:\n{(pathlib.Path(directory) / 'nginx.log').read_text(errors='replace')}")
            time.sleep(0.05)
        yield process, f"http://127.0.0.1:{port}", f"https://127.0.0.1:{ports['https']}", folder / "certificate.pem"
