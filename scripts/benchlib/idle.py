"""scripts/bench idle: the memory that an idle keep-alive connection costs."""
import http.client
import os
import pathlib
import re
import resource
import socket
import tempfile
import time

from .common import CEILING, MODES, build, command_of, create_item, fail, running

IDLE_BAR_KIB = 2.0


def resident_kib(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE).group(1))


def raise_file_limit(wanted):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        fail(f"needs {wanted} open files, but the hard limit is {hard}: raise it with ulimit -Hn as root")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else hard, hard))


def open_connections(port, path, count):
    """Connections that were each used for one request and are kept open."""
    connections = []
    for i in range(count):
        # An address has about 28,000 ports and other programs use some of them, hence several addresses.
        source = (f"127.0.0.{1 + i // 4000}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=source)
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        if response.status != 200 or connection.sock is None:
            fail(f"connection {i}: status {response.status}, {'open' if connection.sock else 'closed'}")
        connections.append(connection)
    return connections


def still_open(connection):
    connection.sock.setblocking(False)
    try:
        return connection.sock.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True


def bench_idle(options):
    contender = CEILING if options.only == CEILING else MODES[0]
    build(["beast_responder" if contender == CEILING else "troupe"])
    raise_file_limit(options.idle_connections + 1000)
    with tempfile.TemporaryDirectory(prefix="troupe-bench-", dir=options.storage) as directory:
        os.chmod(directory, 0o755)
        with running(command_of(contender, directory), directory, contender) as (process, port):
            path = create_item(port)
            for connection in open_connections(port, path, 200):  # what is allocated once belongs to nobody's connection
                connection.close()
            time.sleep(1)
            before = resident_kib(process)
            connections = open_connections(port, path, options.idle_connections)
            time.sleep(2)
            growth = (resident_kib(process) - before) / options.idle_connections
            lost = sum(not still_open(connection) for connection in connections)
            for connection in connections:
                connection.close()
    if lost:
        fail(f"{lost} of {options.idle_connections} connections did not stay open")
    verdict = "ok" if growth <= IDLE_BAR_KIB else "MISSED"
    print(f"{options.idle_connections:,} idle connections to {contender}: {growth:.1f} KiB each ({verdict}: at most "
          f"{IDLE_BAR_KIB:g})")
