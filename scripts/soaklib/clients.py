"""Those who write and remember, those who read, and those who vanish."""
import contextlib
import http.client
import itertools
import json
import random
import socket
import threading
import time

from soaklib.ledger import Row

PATIENCE_S = 20
MOST_ROWS = 40  # of a writer: the oldest goes


class Client(threading.Thread):
    """`connect`: gives an http.client connection. Ends at `over`."""

    def __init__(self, number, connect, ledger, over):
        super().__init__(daemon=True)
        self.number, self.connect, self.ledger, self.over = number, connect, ledger, over
        self.random = random.Random(number)
        self.connection = None

    def ask(self, method, path, body=None):
        """(status, document), or (None, None): nobody knows what became of it."""
        try:
            if self.connection is None:
                self.connection = self.connect()
            headers = {"Content-Type": "application/json"} if body is not None else {}
            self.connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self.connection.getresponse()
            data = answer.read()
            if answer.will_close:
                self.hang_up()
            return answer.status, json.loads(data) if data else None
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return None, None

    def hang_up(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def run(self):
        try:
            while not self.over.is_set():
                self.turn()
        except Exception as fault:  # a client that ends early would make a soak that says nothing
            self.ledger.fault(f"client {self.number} ended: {fault!r}")
        finally:
            self.hang_up()


def outcome_of(status, document, good):
    if status is None or (status >= 500 and (document or {}).get("outcome") == "unknown"):
        return "unknown"
    return "done" if status in good else "refused"


class Writer(Client):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.numbers = itertools.count()
        self.mine = []

    def turn(self):
        choice = self.random.random()
        if not self.mine or choice < 0.5:
            outcome = self.create()
        elif choice < 0.8:
            outcome = self.change(self.random.choice(self.mine))
        else:
            outcome = self.remove(self.mine.pop(self.random.randrange(len(self.mine))))
        if outcome != "done":
            time.sleep(0.05)  # while the database is away
        if len(self.mine) > MOST_ROWS:
            self.mine.pop(0)

    def create(self):
        row = Row(f"w{self.number}-{next(self.numbers)}", 1)
        self.ledger.add(row)
        status, document = self.ask("POST", "/items/", {"name": row.name, "price": 1})
        outcome = self.note(row, outcome_of(status, document, (201,)), 1)
        if outcome == "done":
            row.id = document["id"]
            self.mine.append(row)
        return outcome

    def change(self, row):
        price = next(self.numbers) + 2
        status, document = self.ask("PATCH", f"/items/{row.id}", {"price": price})
        self.must_be_there(row, status)
        return self.note(row, outcome_of(status, document, (200,)), price)

    def remove(self, row):
        status, document = self.ask("DELETE", f"/items/{row.id}")
        self.must_be_there(row, status)
        return self.note(row, outcome_of(status, document, (204,)), None)

    def must_be_there(self, row, status):
        if status == 404 and None not in row.may_be:
            self.ledger.fault(f"{row.name} was answered 404, and is told to be there")

    def note(self, row, outcome, new):
        self.ledger.count(outcome)
        row.told(outcome, new)
        return outcome


class Reader(Client):
    """Reads single rows and pages: what it gets is well-formed or an error that says so."""

    def turn(self):
        status, document = self.ask("GET", f"/items/?limit={self.random.randrange(1, 50)}" if self.random.random() < 0.3 else
                                    f"/items/{self.random.randrange(1, 5000)}")
        self.ledger.count("reads")
        if status not in (200, 404, 503, 504, None) or (status == 200 and not isinstance(document, (list, dict))):
            self.ledger.count("wrong reads")
            self.ledger.fault(f"a read was answered {status}: {document}")
        time.sleep(0.002 if status == 200 else 0.02)


class Vanisher(Client):
    """Begins and goes: in the middle of a head, of a body, before the answer, by a reset or quietly."""

    BEGINNINGS = (b"", b"GET /items/1 HT", b"GET /items/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20, b"POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Le",
                  b"POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n{\"name\": \"x", b"\x16\x03\x01\x02")

    def turn(self):
        with contextlib.suppress(OSError), socket.create_connection(self.connect.address, 2) as one:
            one.sendall(self.random.choice(self.BEGINNINGS))
            time.sleep(self.random.choice((0, 0.001, 0.05)))
            if self.random.random() < 0.5:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        time.sleep(0.02)


class Connect:
    """Makes connections to a server; `context`: of TLS, or None."""

    def __init__(self, port, context):
        self.address = ("127.0.0.1", port)
        self.context = context

    def __call__(self):
        if self.context:
            return http.client.HTTPSConnection("localhost", self.address[1], timeout=PATIENCE_S, context=self.context)
        return http.client.HTTPConnection(*self.address, timeout=PATIENCE_S)
