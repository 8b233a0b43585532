"""A server of openpi's protocol: metadata on connecting, then an answer for every observation.

Packed by openpi's own ``msgpack_numpy``. openpi's server is not on PyPI; this one does what its
documentation and client expect of it.
"""

import http
import time
import traceback

from openpi_client import msgpack_numpy
from openpi_client.base_policy import BasePolicy
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve


def serve_policy(policy: BasePolicy, host: str, port: int, metadata: dict) -> None:
    """Answer for ever; a policy that raises has its traceback sent, and the connection closed."""

    def handle(connection: ServerConnection) -> None:
        packer = msgpack_numpy.Packer()
        connection.send(packer.pack(metadata))
        while True:
            try:
                observation = msgpack_numpy.unpackb(connection.recv())
            except ConnectionClosed:
                return
            begin = time.monotonic()
            try:
                answer = policy.infer(observation)
            except Exception:  # Whatever a policy raises is the client's to read.
                connection.send(traceback.format_exc())
                connection.close(CloseCode.INTERNAL_ERROR, "the policy raised")
                return
            answer["server_timing"] = {"infer_ms": 1000.0 * (time.monotonic() - begin)}
            connection.send(packer.pack(answer))

    with serve(
        handle, host, port, compression=None, max_size=None, process_request=_health
    ) as server:
        server.serve_forever()


def _health(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == "/healthz":
        return connection.respond(http.HTTPStatus.OK, "OK\n")
    return None
