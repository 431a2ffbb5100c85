"""Loads that mean harm, each bounded in time, connections and bytes. All come from 127.0.0.2 and its neighbours, never from the polite client's address."""
import asyncio
import contextlib
import itertools
import json
import os
import socket
import ssl
import time

SOURCES = tuple(f"127.0.0.{number}" for number in range(2, 8))
CONNECT_S = 2
ITEM = {"name": "Lamp", "price": 12.5}


class Attack:
    """One shape against one server: where it is, until when, with how many connections."""

    def __init__(self, port, seconds, connections, accept_rate):
        self.port = port
        self.end = time.monotonic() + seconds
        self.connections = connections
        self.accept_rate = accept_rate  # of a bare accept loop here
        self.sources = itertools.cycle(SOURCES)
        self.told = {"connections": 0, "requests": 0, "answers": 0, "refused": 0}

    def left(self):
        return self.end - time.monotonic()

    async def open(self, receive_buffer=None):
        """A connected socket, or None: the server does not take it, which is its right."""
        one = socket.socket()
        one.setblocking(False)
        if receive_buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            one.bind((next(self.sources), 0))
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(one, ("127.0.0.1", self.port)), CONNECT_S)
        except (OSError, asyncio.TimeoutError):
            one.close()
            self.told["refused"] += 1
            return None
        self.told["connections"] += 1
        return one

    async def send(self, one, data):
        """False: the server has had enough."""
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_sendall(one, data), max(self.left(), 0.1))
            return True
        except (OSError, asyncio.TimeoutError):
            return False

    async def receive(self, one, most=65536):
        try:
            return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(one, most), max(self.left(), 0.1))
        except (OSError, asyncio.TimeoutError):
            return b""

    async def drip(self, first, pieces, pause_s):
        """On as many connections as there may be: the first bytes, then a piece now and then, on a new one where one was closed."""
        async def one_client():
            while self.left() > 0:
                one = await self.open()
                if one is None:
                    await asyncio.sleep(0.1)
                    continue
                with contextlib.closing(one):
                    self.told["requests"] += 1
                    alive = await self.send(one, first)
                    while alive and self.left() > 0:
                        await asyncio.sleep(min(pause_s, max(self.left(), 0)))
                        alive = await self.send(one, next(pieces))

        await asyncio.gather(*(one_client() for _ in range(self.connections)))

    async def ask_again_and_again(self, request, clients, pause_s=0.0):
        """The same request on kept connections, or on new ones where the server closes."""
        async def one_client():
            while self.left() > 0:
                one = await self.open()
                if one is None:
                    await asyncio.sleep(0.05)
                    continue
                with contextlib.closing(one):
                    while self.left() > 0 and await self.send(one, request):
                        self.told["requests"] += 1
                        if not await self.receive(one):
                            break
                        self.told["answers"] += 1
                        await asyncio.sleep(pause_s)

        await asyncio.gather(*(one_client() for _ in range(clients)))


def post(body, fields=""):
    data = body if isinstance(body, bytes) else body.encode()
    head = f"POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n{fields}\r\n"
    return head.encode() + data


def get(fields="", target="/items/1"):
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode()


async def slow_headers(attack):
    """A byte of a field every half second (slowloris)."""
    await attack.drip(b"GET /items/1 HTTP/1.1\r\nHost: localhost\r\nX-A: ", itertools.repeat(b"a"), 0.5)


async def slow_bodies(attack):
    """A body of 100 kB is announced, and ten bytes of it come a second."""
    head = b"POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{\"name\": \""
    await attack.drip(head, itertools.repeat(b"x"), 0.1)


async def slow_readers(attack):
    """Large answers are asked for, and taken a little at a time through a small window."""
    async def one_client():
        while attack.left() > 0:
            one = await attack.open(receive_buffer=4096)
            if one is None:
                await asyncio.sleep(0.1)
                continue
            with contextlib.closing(one):
                alive = await attack.send(one, get(target="/items/") * 4)
                attack.told["requests"] += 4
                while alive and attack.left() > 0:
                    alive = bool(await attack.receive(one, 256))
                    await asyncio.sleep(0.25)

    await asyncio.gather(*(one_client() for _ in range(attack.connections)))


async def half_open(attack):
    """Connections that say nothing."""
    held = []
    while attack.left() > 0:
        if len(held) < attack.connections:
            one = await attack.open()
            if one is not None:
                held.append(one)
                continue
        await asyncio.sleep(0.05)
    for one in held:
        one.close()


def client_hello():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


async def handshakes_left(attack):
    """TLS handshakes are begun, the server does its part, and the client goes: at no more than half of what accepting alone would allow."""
    hello = client_hello()
    pause = 2 / min(attack.accept_rate, 2000)

    async def one_handshake():
        one = await attack.open()
        if one is None:
            return
        with contextlib.closing(one):
            if await attack.send(one, hello):
                attack.told["requests"] += 1
                attack.told["answers"] += bool(await attack.receive(one))

    await paced(attack, one_handshake, pause)


async def churn(attack):
    """Connections with one request each, at half the rate of a bare accept loop."""
    request = get("Connection: close\r\n")

    async def one_connection():
        one = await attack.open()
        if one is None:
            return
        with contextlib.closing(one):
            if await attack.send(one, request):
                attack.told["requests"] += 1
                attack.told["answers"] += bool(await attack.receive(one))

    await paced(attack, one_connection, 2 / attack.accept_rate)


async def paced(attack, make, pause_s, most_at_once=200):
    """Begins one after the other by the clock; what cannot be begun in time is left out."""
    running = set()
    due = time.monotonic()
    while attack.left() > 0:
        due = max(due + pause_s, time.monotonic() - 0.1)
        if len(running) < most_at_once:
            task = asyncio.ensure_future(make())
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    if running:
        await asyncio.wait(running, timeout=3)


async def pipelines(attack):
    """10,000 requests in one go, again and again, on two connections; the answers are read."""
    burst = get() * 10_000

    async def one_client():
        while attack.left() > 0:
            one = await attack.open()
            if one is None:
                await asyncio.sleep(0.05)
                continue
            with contextlib.closing(one):
                sending = asyncio.ensure_future(attack.send(one, burst))
                attack.told["requests"] += 10_000
                seen = 0
                while attack.left() > 0 and seen < 10_000:
                    data = await attack.receive(one, 1 << 20)
                    if not data:
                        break
                    seen += data.count(b"HTTP/1.1 ")
                attack.told["answers"] += seen
                sending.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await sending

    await asyncio.gather(*(one_client() for _ in range(2)))


def fnv_like_names(count):
    """Names that differ in few bits, of one length: what a table that hashes or sorts badly is slow with."""
    return [f"{number:016b}".replace("0", "Aa").replace("1", "BB") for number in range(count)]


async def colliding_members(attack):
    """Objects of many members whose names collide in simple hash functions."""
    members = {name: 1 for name in fnv_like_names(12_000)}
    body = json.dumps({**members, **ITEM})[:950_000]
    await attack.ask_again_and_again(post(body), 4)


async def many_members(attack):
    """Deep and wide documents, up to the limit of a body."""
    wide = "[" + ",".join("[]" for _ in range(200_000)) + "]"
    deep = "[" * 60 + "]" * 60
    body = '{"x": ' + wide + ', "y": ' + deep + ', "name": "a", "price": 1}'
    await attack.ask_again_and_again(post(body), 4)


async def huge_accept(attack):
    """An Accept field of a thousand types."""
    types = ", ".join(f"a/b{number};q=0.{number % 9 + 1}" for number in range(700))
    await attack.ask_again_and_again(get(f"Accept: {types}\r\n"), 4)


async def header_flood(attack):
    """As many different field names as fit into a head."""
    fields = "".join(f"x{number:x}: 1\r\n" for number in range(1_400))
    await attack.ask_again_and_again(get(fields), 4)


async def resets(attack):
    """Requests are sent and the connection is reset before the answer."""
    async def one_connection():
        one = await attack.open()
        if one is None:
            return
        await attack.send(one, get() * 20)
        attack.told["requests"] += 20
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        one.close()

    await paced(attack, one_connection, 2 / min(attack.accept_rate, 2000))


SHAPES = {"slow headers": slow_headers, "slow bodies": slow_bodies, "slow readers": slow_readers, "half-open": half_open,
          "handshakes left": handshakes_left, "churn": churn, "resets": resets, "pipelines of 10,000": pipelines,
          "colliding members": colliding_members, "many members": many_members, "huge Accept": huge_accept, "header flood": header_flood}
NEEDS_TLS = {"handshakes left"}


def run(name, port, seconds, connections, accept_rate):
    """In a process of its own; gives what it did."""
    os.nice(5)
    attack = Attack(port, seconds, connections, accept_rate)
    with contextlib.suppress(asyncio.TimeoutError):
        asyncio.run(asyncio.wait_for(SHAPES[name](attack), seconds + 10))
    return attack.told
