#!/usr/bin/env python3
"""A service whose best pool size is known: pool_service.py PORT, with $POOL places and $WORKERS as it is told.

Up to 4 places a request is 20 ms in one; with more they get in each other's way, and it is 20 ms × (POOL / 4)². So the rates are
POOL / 0.02 s up to 200/s at 4 places, and less with more. GET /settings tells what it was started with.
"""
import http.server
import json
import os
import socketserver
import sys
import threading
import time

POOL = int(os.environ.get("POOL", "4"))
BEST = 4
SERVICE_S = 0.02 * max(1.0, POOL / BEST) ** 2
places = threading.Semaphore(POOL)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        if self.path == "/settings":
            body = json.dumps({"pool": os.environ.get("POOL"), "note": os.environ.get("NOTE")}).encode()
        else:
            with places:
                time.sleep(SERVICE_S)
            body = b"{}"
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128


def bound(port, patience_s=10):
    """Waits for the one before to have ended."""
    end = time.monotonic() + patience_s
    while True:
        try:
            return Server(("127.0.0.1", port), Handler)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


bound(int(sys.argv[1])).serve_forever()
