"""HTTP by the standard library, with connections that are kept and time limits that notice a stall."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from typing import Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Set, Tuple, Union
from urllib.parse import urlsplit

from .errors import NetworkError

#: Bytes, or what makes their chunks once more for each try.
Body = Union[bytes, Callable[[], Iterator[bytes]]]
Origin = Tuple[str, str, int]

#: Small, because each chunk has the whole time limit: a line of 3 kB/s is slow, and not stalled.
CHUNK_BYTES = 64 * 1024
#: What was sent may still be in the buffers of this machine, and a store takes its time to write a large object.
ANSWER_TIME_FACTOR = 4


class Answer(NamedTuple):
    """An answer that was read to its end."""

    status: int
    headers: HTTPMessage
    body: bytes


class Exchange:
    """An answer that is read bit by bit."""

    def __init__(self, response: HTTPResponse, sock: socket.socket) -> None:
        self._response = response
        self._sock = sock
        self.status = response.status
        self.headers = response.headers

    def read(self) -> bytes:
        with _translated():
            return self._response.read()

    def read_some(self, limit: int) -> bytes:
        """Reads what is there, at least a byte. Empty at the end, also at that of a connection which broke."""
        with _translated():
            return self._response.read1(limit)

    def read_line(self, timeout: float) -> bytes:
        """Reads one line, waiting `timeout` seconds at most for each packet. Empty at the end."""
        with _translated():
            self._sock.settimeout(timeout)
            return self._response.readline()


class Transport:
    """Sends requests. One may be shared by threads, because each request has a connection to itself."""

    def __init__(self, timeout: float, context: Optional[ssl.SSLContext] = None) -> None:
        self._timeout = timeout
        self._context = context
        self._idle: Dict[Origin, List[HTTPConnection]] = {}
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Body = b"",
        *,
        answer_within: float = 0,
        in_use: Optional[Set[socket.socket]] = None,
    ) -> Answer:
        """Sends a request and reads the whole answer, which may take `answer_within` seconds more to begin.

        The socket is in `in_use` meanwhile; who shuts it down ends the request with a NetworkError.
        """
        with self.exchange(method, url, headers, body, answer_within=answer_within, in_use=in_use) as exchange:
            return Answer(exchange.status, exchange.headers, exchange.read())

    @contextmanager
    def exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: Body = b"",
        *,
        answer_within: float = 0,
        in_use: Optional[Set[socket.socket]] = None,
    ) -> Iterator[Exchange]:
        """Sends a request and lends the answer. Its connection is kept if the answer was read to its end.

        Raises NetworkError.
        """
        parts = urlsplit(url)
        is_tls = parts.scheme == "https"
        origin = (parts.scheme, parts.hostname or "", parts.port or (443 if is_tls else 80))
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        used = in_use if in_use is not None else set()
        while True:
            connection, is_kept = self._take(origin)
            try:
                with _translated():
                    sock = self._connect(connection)
                    used.add(sock)
                    self._send(connection, method, target, headers, body)
                    sock.settimeout(self._timeout * ANSWER_TIME_FACTOR + answer_within)
                    response = connection.getresponse()
                break
            except BaseException as error:
                used.discard(connection.sock)
                connection.close()
                # The server had closed a connection that was kept, which says nothing about the request.
                if not (is_kept and isinstance(error.__cause__, ConnectionError)):
                    raise
        try:
            yield Exchange(response, sock)
        finally:
            used.discard(sock)
            if response.isclosed() and connection.sock is not None:
                self._keep(origin, connection)
            else:
                response.close()
                connection.close()

    def _connect(self, connection: HTTPConnection) -> socket.socket:
        if connection.sock is None:
            connection.connect()
        sock: socket.socket = connection.sock
        sock.settimeout(self._timeout)
        return sock

    def _send(
        self, connection: HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: Body
    ) -> None:
        connection.putrequest(method, target, skip_accept_encoding=True)
        if isinstance(body, bytes) and (body or method in ("POST", "PATCH")):
            connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        try:
            for chunk in [body] if isinstance(body, bytes) else body():
                connection.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            # Who refuses a request early answers before all of it was sent. Without an answer, reading it fails too.
            pass

    def _take(self, origin: Origin) -> Tuple[HTTPConnection, bool]:
        with self._lock:
            idle = self._idle.get(origin)
            if idle:
                return idle.pop(), True
        scheme, host, port = origin
        if scheme == "https":
            return HTTPSConnection(host, port, timeout=self._timeout, context=self._context), False
        return HTTPConnection(host, port, timeout=self._timeout), False

    def _keep(self, origin: Origin, connection: HTTPConnection) -> None:
        with self._lock:
            self._idle.setdefault(origin, []).append(connection)

    def close(self) -> None:
        with self._lock:
            kept = [connection for idle in self._idle.values() for connection in idle]
            self._idle.clear()
        for connection in kept:
            connection.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OSError, HTTPException) as error:
        raise NetworkError(f"No answer: {error or type(error).__name__}.") from error
