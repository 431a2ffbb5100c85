"""What writers were told, held against the table at the end. A row belongs to one writer, who does one thing with it at a time."""
import threading


class Row:
    """Of what a row may look like now: its price, or None where there is no row."""

    def __init__(self, name, price):
        self.name = name
        self.id = None
        self.may_be = {None}
        self.trying = price

    def told(self, outcome, new):
        """`outcome` of an attempt to make it `new`: done, refused, unknown."""
        if outcome == "done":
            self.may_be = {new}
        elif outcome == "unknown":
            self.may_be |= {new}


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.rows = {}
        self.counts = {"done": 0, "refused": 0, "unknown": 0, "reads": 0, "wrong reads": 0}
        self.faults = []

    def add(self, row):
        with self.lock:
            self.rows[row.name] = row

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def fault(self, text):
        with self.lock:
            self.faults.append(text)

    def compare(self, table):
        """`table`: (name, price) of each row. Says what is not as writers were told."""
        seen = {}
        for name, price in table:
            if name in seen:
                self.fault(f"{name} is there twice")
            seen[name] = price
            if name not in self.rows:
                self.fault(f"nobody made {name}")
        for name, row in self.rows.items():
            if seen.get(name) not in row.may_be:
                self.fault(f"{name} is {seen.get(name)}, and was told to be one of {sorted(row.may_be, key=str)}")
        return self.faults
