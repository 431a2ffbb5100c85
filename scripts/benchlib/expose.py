"""scripts/bench expose: what TLS, keys, tokens and limits cost the server, beside itself without them and beside nginx."""
import base64
import collections
import contextlib
import hashlib
import hmac
import json
import os
import pathlib
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

from .common import RELEASE, WRK_REPORT, build, cpu_of, create_item, drive, fail, in_turns, interval, need, running
from .front import front, make_certificate
from .idle import raise_file_limit, resident_kib

PARTS = ("tls", "handshakes", "who", "idle-tls")
TLS_GOAL = 1.25         # a GET over TLS ÷ (nginx's static answer over TLS + our plain GET)
HANDSHAKES_GOAL = 0.9   # handshakes per CPU-second ÷ nginx's
WHO_GOALS = {"key": 1.02, "token": 1.05, "limits": 1.03}  # a GET ÷ the same without
IDLE_GOAL_KIB = 20.0
IDLE_CONNECTIONS = 2000
TOKEN_SECRET = b"a secret of this measurement and of nothing else"
CLOSES = WRK_REPORT + '\nwrk.headers["Connection"] = "close"\n'
GENEROUS = ("--client-rate", "1000000", "--client-connections", "10000", "--client-memory", "1GiB", "--key-rate", "1000000",
            "--trusted-proxies", "192.0.2.0/24", "--max-offset", "1000000")


def serve(directory, name, *flags):
    return [RELEASE / "troupe", "serve", "--port", "0", "--data-dir", pathlib.Path(directory) / name, *flags]


def cpu_of_all(pid):
    """Of a process and its children: nginx works in one. PostgreSQL is a child of ours, and not meant."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_of(pid) + sum(cpu_of(child) for child in children
                             if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "nginx")


def script_in(directory, name, text):
    script = pathlib.Path(directory) / f"{name}.lua"
    script.write_text(text)
    return script


class Contender(collections.namedtuple("Contender", "process url script")):
    def cpu_us(self, options):
        before = cpu_of_all(self.process.pid)
        cell = drive(self.url, self.script, options.connections, options.seconds)
        return (cpu_of_all(self.process.pid) - before) / cell.requests * 1e6


def measure(contenders, options):
    """CPU µs a request of each, by rounds."""
    cpu_us = collections.defaultdict(list)
    for turn in range(options.rounds):
        for name in in_turns(contenders, turn):
            cpu_us[name].append(contenders[name].cpu_us(options))
        print(f"  round {turn + 1}/{options.rounds}", file=sys.stderr)
    for name, values in cpu_us.items():
        print(f"{name:12} {statistics.median(values):7.2f} µs of CPU a request")
    return cpu_us


def verdict(what, quotients, goal, at_least=False):
    mean, low, high = interval(quotients)
    met = mean >= goal if at_least else mean <= goal
    sure = "" if not low < goal < high else ", not surely"
    print(f"{what}: {mean:.3f} ({low:.3f} to {high:.3f}); goal {'≥' if at_least else '≤'} {goal:g}: {'met' if met else 'MISSED'}{sure}")


def plain_and_tls(stack, directory, *flags):
    """Two servers of ours: (process, port) of one without and of one with TLS, both with an item."""
    folder = pathlib.Path(directory) / "certificate"
    folder.mkdir()
    make_certificate(folder)
    for file in folder.iterdir():
        file.chmod(0o644)
    plain = stack.enter_context(running(serve(directory, "plain", *flags), directory, "plain"))
    create_item(plain[1])
    data = serve(directory, "tls", *flags)
    with running(data, directory, "tls-before") as (_, port):
        create_item(port)  # over plain HTTP: the other one serves the same data
    tls = stack.enter_context(running([*data, "--tls-certificate", folder / "certificate.pem", "--tls-key", folder / "key.pem"],
                                      directory, "tls"))
    return plain, tls


def bench_tls(options, directory):
    get = script_in(directory, "get", WRK_REPORT)
    with contextlib.ExitStack() as stack:
        (plain, plain_port), (tls, tls_port) = plain_and_tls(stack, directory)
        process, http, https, _ = stack.enter_context(front(directory))
        contenders = {"plain": Contender(plain, f"http://127.0.0.1:{plain_port}/items/1", get),
                      "tls": Contender(tls, f"https://127.0.0.1:{tls_port}/items/1", get),
                      "nginx http": Contender(process, f"{http}/items/1", get),
                      "nginx https": Contender(process, f"{https}/items/1", get)}
        cpu_us = measure(contenders, options)
    verdict("a GET over TLS ÷ (nginx's static answer over TLS + our plain GET)",
            [own / (static + bare) for own, static, bare in zip(cpu_us["tls"], cpu_us["nginx https"], cpu_us["plain"])], TLS_GOAL)


def bench_handshakes(options, directory):
    closing = script_in(directory, "close", CLOSES)
    with contextlib.ExitStack() as stack:
        _, (tls, port) = plain_and_tls(stack, directory)
        process, _, https, _ = stack.enter_context(front(directory))
        cpu_us = measure({"troupe": Contender(tls, f"https://127.0.0.1:{port}/health/live", closing),
                          "nginx": Contender(process, f"{https}/items/1", closing)}, options)
    verdict("handshakes, each with one request, per CPU-second ÷ nginx's",
            [other / own for own, other in zip(cpu_us["troupe"], cpu_us["nginx"])], HANDSHAKES_GOAL, at_least=True)


def token():
    """An HS256 one (RFC 7519), good for an hour."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode() if isinstance(value, dict) else value).rstrip(b"=")
    signed = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(
        {"iss": "bench", "aud": "troupe", "sub": "bench", "roles": ["all"], "exp": int(time.time()) + 3600})
    return (signed + b"." + part(hmac.new(TOKEN_SECRET, signed, hashlib.sha256).digest())).decode()


def auth_file(directory):
    """A file of rules with one key and one issuer; (the file, the key)."""
    folder = pathlib.Path(directory) / "rules"
    folder.mkdir()
    (folder / "secret").write_bytes(TOKEN_SECRET)
    rules = folder / "auth.toml"
    rules.write_text(f'[role.all]\n"*" = ["*"]\n\n[[jwt]]\nalgorithm = "HS256"\nkey = "{folder}/secret"\nissuer = "bench"\n'
                     'audience = "troupe"\n')
    made = subprocess.run([RELEASE / "troupe", "auth", "new-key", "--auth", rules, "--name", "bench", "--role", "all"],
                          capture_output=True, text=True)
    if made.returncode != 0:
        fail(f"no key was made:\n{made.stderr}")
    for file in folder.iterdir():
        file.chmod(0o644)  # PostgreSQL's user serves
    return rules, made.stdout.split()[0]


def with_bearer(directory, name, secret):
    return script_in(directory, name, WRK_REPORT + f'\nwrk.headers["Authorization"] = "Bearer {secret}"\n')


def bench_who(options, directory):
    get = script_in(directory, "get", WRK_REPORT)
    rules, key = auth_file(directory)
    with contextlib.ExitStack() as stack:
        servers = {}
        for name, flags in {"plain": (), "limits": GENEROUS, "auth": ("--auth", rules)}.items():
            if name == "auth":
                with running(serve(directory, name), directory, "auth-before") as (_, port):
                    create_item(port)  # before anybody is asked who he is
            servers[name] = stack.enter_context(running(serve(directory, name, *flags), directory, name))
            if name != "auth":
                create_item(servers[name][1])
        scripts = {"plain": get, "limits": get, "key": with_bearer(directory, "key", key), "token": with_bearer(directory, "token", token())}
        contenders = {}
        for name, script in scripts.items():
            process, port = servers[name if name in servers else "auth"]
            contenders[name] = Contender(process, f"http://127.0.0.1:{port}/items/1", script)
        cpu_us = measure(contenders, options)
    for name, goal in WHO_GOALS.items():
        verdict(f"a GET with {name} ÷ one without", [own / bare for own, bare in zip(cpu_us[name], cpu_us["plain"])], goal)


def bench_idle_tls(options, directory):
    raise_file_limit(IDLE_CONNECTIONS + 1000)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with contextlib.ExitStack() as stack:
        _, (process, port) = plain_and_tls(stack, directory)

        def opened(count):
            connections = []
            for _ in range(count):
                connection = context.wrap_socket(socket.create_connection(("127.0.0.1", port), 30))
                connection.sendall(b"GET /items/1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if not connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    fail("a connection over TLS was not answered")
                connections.append(connection)
            return connections

        for connection in opened(200):  # what is allocated once belongs to nobody's connection
            connection.close()
        time.sleep(1)
        before = resident_kib(process)
        connections = opened(IDLE_CONNECTIONS)
        time.sleep(2)
        growth = (resident_kib(process) - before) / len(connections)
    print(f"{len(connections):,} idle connections over TLS: {growth:.1f} KiB each; goal ≤ {IDLE_GOAL_KIB:g}: "
          f"{'met' if growth <= IDLE_GOAL_KIB else 'MISSED'}")


def bench_expose(options):
    need("wrk", "wrk")
    need("openssl", "openssl")
    build(["troupe"])
    parts = {"tls": bench_tls, "handshakes": bench_handshakes, "who": bench_who, "idle-tls": bench_idle_tls}
    for name in [options.only] if options.only else parts:
        print(f"{name}: {options.rounds} rounds of {options.seconds} s, {options.connections} connections, load average "
              f"{os.getloadavg()[0]:.1f} before")
        with tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage) as directory:
            os.chmod(directory, 0o755)  # PostgreSQL runs as another user when we are root
            parts[name](options, directory)
