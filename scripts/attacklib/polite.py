"""The client that everybody wants to have: one request at a time, from an address of its own."""
import socket
import statistics
import time

PATIENCE_S = 10
PAUSE_S = 0.004
FRESH_EVERY = 5  # requests: that one comes on a new connection, as a visitor's would
REQUEST = b"GET /items/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def answer_to(one):
    """Whether a whole answer came, with 200."""
    received = b""
    while b"\r\n\r\n" not in received:
        data = one.recv(65536)
        if not data:
            return False
        received += data
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")).split(b":")[1])
    while len(body) < length:
        data = one.recv(65536)
        if not data:
            return False
        body += data
    return head.startswith(b"HTTP/1.1 200 ")


def connect(port, context):
    plain = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
    return context.wrap_socket(plain, server_hostname="localhost") if context else plain


def run(port, seconds, context=None):
    """`context`: of TLS; none: plain. Gives {"p50_ms", "p99_ms", "worst_ms", "answers", "failures": how often it got none, "why": the last reason}."""
    times, failures, why = [], 0, ""
    kept = None
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        number += 1
        fresh = number % FRESH_EVERY == 0
        began = time.monotonic()
        try:
            one = connect(port, context) if fresh or kept is None else kept
            one.sendall(REQUEST)
            good = answer_to(one)
            if fresh:
                one.close()
            else:
                kept = one
            if not good:
                raise OSError("no answer with 200")
            times.append(time.monotonic() - began)
        except OSError as fault:
            failures, why = failures + 1, str(fault)
            kept = None
        time.sleep(PAUSE_S)
    times = sorted(times) or [float("inf")]
    return {"p50_ms": statistics.median(times) * 1000, "p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))] * 1000,
            "worst_ms": times[-1] * 1000, "answers": len(times), "failures": failures, "why": why}
