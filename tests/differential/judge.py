"""Counts answers, and says what is wrong with how one input was taken."""
import asyncio
import re

MOST = 1 << 20
PATIENCE_S = 5


async def exchange(port, data, with_end=True):
    """All that the server says to these bytes, and to their end if that is told. None: it did not take them."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return None
    received = bytearray()
    try:
        writer.write(data)
        await writer.drain()
        if with_end:
            writer.write_eof()
        while len(received) < MOST:
            piece = await asyncio.wait_for(reader.read(65536), PATIENCE_S)
            if not piece:
                break
            received += piece
    except (ConnectionError, asyncio.TimeoutError):
        pass
    finally:
        writer.close()
    return bytes(received)


def answers_in(received, heads=False):
    """(status, whether it closes) of each final answer. `heads`: none of them has a body, as those to HEAD."""
    found = []
    while received:
        head, whole, rest = received.partition(b"\r\n\r\n")
        line = re.match(rb"HTTP/1\.[01] (\d{3})", head)
        if not whole or not line:
            break  # HTTP/0.9, or cut off
        status = int(line.group(1))
        fields = head.lower()
        length = re.search(rb"\r\ncontent-length: *(\d+)", fields)
        if re.search(rb"\r\ntransfer-encoding: *chunked", fields):
            body = re.match(rb"(?s)(?:[0-9a-fA-F]+\r\n.*?)??0\r\n\r\n", rest)
            size = body.end() if body else len(rest)
        else:
            size = int(length.group(1)) if length else (0 if status in (204, 304) or status < 200 else len(rest))
        if heads or (rest[:size] != b"" and rest.startswith(b"HTTP/1.") and status != 101):
            size = 0  # an answer to HEAD, whose length is of what is not there
        received = rest[size:]
        if status >= 200:
            found.append((status, b"\r\nconnection: close" in fields))
    return found


def accepted(answers):
    """Requests that were taken for such: all but one that ended the connection as malformed."""
    refused = {400, 408, 411, 413, 414, 417, 431, 501, 505}
    return len(answers) - (1 if answers and answers[-1][0] in refused and answers[-1][1] else 0)


class Judge:
    """`ours`: the port of troupe serve; `mark`: the line that a proxy puts into each request."""

    def __init__(self, ours, mark):
        self.ours = ours
        self.mark = mark
        self.forwarded = 0  # requests, over all inputs
        self.refused = 0    # inputs of which a proxy forwards nothing

    async def faults(self, proxy, lane, recorder, data, ours_direct):
        recorder.take()
        said = await exchange(proxy.ports[lane], data, proxy.ends_on_eof)
        if said is None:
            return [f"{proxy.kind} does not run any more"]
        await asyncio.sleep(0)
        records = [bytes(record) for record in recorder.take()]
        marks = sum(record.lower().count(self.mark) for record in records)
        self.forwarded += marks
        self.refused += marks == 0
        faults = []
        for record in records:
            wanted = record.lower().count(self.mark)
            answers = answers_in(await exchange(self.ours, record) or b"", record.startswith(b"HEAD "))
            if len(answers) > wanted:
                faults.append(f"{proxy.kind} forwards {wanted}, we answer {len(answers)} {answers}: {record!r}")
        through = answers_in(said, data.startswith(b"HEAD "))
        if marks == 1 and len(through) == 1 and not through[0][1] and accepted(ours_direct) > 1:
            faults.append(f"{proxy.kind} takes it for one request, we for {accepted(ours_direct)} {ours_direct}")
        return faults

    async def direct(self, data):
        return answers_in(await exchange(self.ours, data) or b"", data.startswith(b"HEAD "))
