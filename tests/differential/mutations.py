"""More inputs, made of the table's by a seed."""
import random

import strictness

PIECES = (b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b":", b",", b";", b"0", b"0\r\n\r\n", b"5\r\nhello\r\n", b"\x0b", b"\x0c", b"\x85", b"\xa0", b"\xff",
          b"Content-Length: 5\r\n", b"Content-Length: 0\r\n", b"Content-Length: 36\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n",
          b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"Expect: 100-continue\r\n", b"Host: a\r\n", b"X: y\r\n", b" folded\r\n", b"HTTP/1.0", b"HTTP/1.1",
          b"GET / HTTP/1.1\r\n", b"chunked", b"\"", b"%00", b"ffffffffffffffff", strictness.INNER)
SEEDS = tuple(data for _, data in strictness.table())


def mutate_once(data, chance):
    at = chance.randrange(len(data) + 1)
    size = min(len(data) - at, chance.randrange(1, 9))
    choice = chance.randrange(7)
    if choice == 0:
        return data[:at] + chance.choice(PIECES) + data[at:]
    if choice == 1:
        return data[:at] + data[at + size:]
    if choice == 2:
        to = chance.randrange(len(data) + 1)
        return data[:to] + data[at:at + size] + data[to:]
    if choice == 3:
        return data[:at] + bytes([chance.randrange(256)]) + data[at + 1:]
    if choice == 4:  # the head of one with the tail of another
        other = chance.choice(SEEDS)
        return data[:at] + other[chance.randrange(len(other) + 1):]
    if choice == 5:  # a field twice
        lines = data.split(b"\r\n")
        line = chance.choice(lines)
        lines.insert(chance.randrange(len(lines) + 1), line)
        return b"\r\n".join(lines)
    return data[:at] + data[at:at + size].swapcase() + data[at + size:]


def mutation(seed, number):
    """The same for the same two numbers."""
    chance = random.Random(seed * 1_000_003 + number)
    data = chance.choice(SEEDS)
    for _ in range(chance.randrange(1, 4)):
        data = mutate_once(data, chance)
    return data[:8000]
