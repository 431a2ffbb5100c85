"""What stands behind a proxy: answers each request once and keeps the bytes that came."""
import asyncio
import re

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
PATIENCE_S = 0.25  # for the rest of a body that does not come
MOST = 1 << 20


def is_whole(data):
    """Whether a proxy's request, which is well-formed if the proxy is any good, is all here."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return False
    if re.search(rb"\r\ntransfer-encoding:", head, re.IGNORECASE):
        return b"\r\n0\r\n" in b"\r\n" + body and body.endswith(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return len(body) >= (int(length.group(1)) if length else 0)


class Recorder:
    """Records belong to the input that is under way: one at a time for each recorder."""

    def __init__(self):
        self.records = []
        self.server = None

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    def take(self):
        taken, self.records = self.records, []
        return taken

    async def serve(self, reader, writer):
        record = bytearray()
        self.records.append(record)  # at once: what is under way belongs to this input, whole or not
        try:
            while len(record) < MOST and not is_whole(record):
                data = await asyncio.wait_for(reader.read(65536), PATIENCE_S)
                if not data:
                    break
                record += data
            writer.write(ANSWER)
            await writer.drain()
            writer.write_eof()
            while len(record) < MOST:  # what a proxy sends behind the end is of interest most of all
                data = await asyncio.wait_for(reader.read(65536), PATIENCE_S)
                if not data:
                    break
                record += data
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()
