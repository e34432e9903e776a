"""A recipient for the benchmarks: the least HTTP/1.1 server that answers JSON, so that the proxy is what is measured.

``python bench/upstream.py PORT BYTES`` answers every request with a JSON object of about BYTES bytes.
"""

import asyncio
import json
import sys

import uvloop


def answer(size: int) -> bytes:
    """A response whose body holds no personal information and is about ``size`` bytes long."""
    rows = [{"district": "Nansha", "quarter": n % 4 + 1, "permits": n * 7 % 911} for n in range(max(1, size // 52))]
    body = json.dumps({"accepted": True, "rows": rows}).encode() if size > 64 else b'{"accepted": true}'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Recipient(asyncio.Protocol):
    """Reads requests with a Content-Length, or none, and answers each."""

    response = b""

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.pending = b""

    def data_received(self, data: bytes) -> None:
        self.pending += data
        while (end := self.pending.find(b"\r\n\r\n")) >= 0:
            head = self.pending[:end].lower()
            at = head.find(b"\r\ncontent-length:")
            length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.pending) < end + 4 + length:
                return
            self.pending = self.pending[end + 4 + length :]
            self.transport.write(self.response)


async def main(port: int, size: int) -> None:
    """Serve until killed."""
    Recipient.response = answer(size)
    server = await asyncio.get_running_loop().create_server(Recipient, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
