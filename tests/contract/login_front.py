"""A login and TLS in front of any app: nginx, with a certificate of an authority of its own."""
import contextlib
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import servers

TOKEN = "t0k3n-behind-the-login"
SESSION = "s3ss10n"

CONFIGURATION = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  upstream app {{ server 127.0.0.1:{app_port}; keepalive 16; }}
  map "$http_authorization $cookie_session" $who {{ "Bearer {token} {session}" user; default ""; }}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {directory}/server.pem;
    ssl_certificate_key {directory}/server.key;
    location = /login {{
      default_type application/json;
      add_header Set-Cookie "session={session}; Path=/; Secure; HttpOnly";
      if ($request_method != POST) {{ return 405; }}
      return 200 '{{"access_token": "{token}", "token_type": "bearer"}}';
    }}
    location / {{
      if ($who = "") {{ return 401; }}
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""


def missing():
    """What is not installed that this needs; empty: nothing."""
    return " and ".join(name for name in ("nginx", "openssl") if not shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin"))


def make_certificates(directory):
    """authority.pem, and server.pem with server.key for localhost."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "authority.key", "-out", "authority.pem", "-days", "2", "-subj", "/CN=an authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (directory / "names").write_text("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
            "-out", "server.pem")


@contextlib.contextmanager
def front(directory, app_port):
    """The port at which the app is reached with TLS, behind the login."""
    directory.mkdir(mode=0o755)
    make_certificates(directory)
    port = servers.free_port()
    configuration = directory / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(directory=directory, app_port=app_port, port=port, token=TOKEN, session=SESSION))
    command = [shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-p", directory, "-e", directory / "nginx-error.log", "-c", configuration]
    process = servers.spawn(command, directory / "nginx.log")
    try:
        wait_for_login(process, port, directory)
        yield port
    finally:
        servers.stop(process)


def wait_for_login(process, port, directory):
    """Until a request without the token is refused as it should be."""
    context = ssl.create_default_context(cafile=directory / "authority.pem")
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(f"https://localhost:{port}/items/", context=context, timeout=5)
        except urllib.error.HTTPError as answer:
            if answer.code == 401:
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise servers.ServerError(f"nginx did not start:\n{servers.tail(directory / 'nginx.log')}")
        time.sleep(0.05)
