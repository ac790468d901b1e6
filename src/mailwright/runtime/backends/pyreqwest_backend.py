"""The backend on pyreqwest, an HTTP library in Rust, which the extra `fast` installs."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import suppress

from pyreqwest.client import SyncClient, SyncClientBuilder
from pyreqwest.request import SyncStreamRequest
from pyreqwest.response import SyncResponse

from mailwright.runtime.backends.failures import CLOSED
from mailwright.runtime.backends.patience import Patience
from mailwright.runtime.backends.places import Place, Places
from mailwright.runtime.backends.pump import Pump
from mailwright.runtime.backends.pyreqwest_clients import Clients
from mailwright.runtime.backends.pyreqwest_terms import (
    checked_options,
    checked_url,
    configured,
    filled,
    headers_of,
    their_failure,
)
from mailwright.runtime.errors import MailwrightError, TransportError, UsageError
from mailwright.runtime.request import Request
from mailwright.runtime.upload import Upload


class PyreqwestBackend:
    """Sends over pyreqwest, with a pool of connections; threads may share it.

    `ca_pem` holds certificates to trust besides those of the system, `proxy` is an `http://` URL. Raises `UsageError`
    for arguments it cannot use. Where the library differs from the other backends:

    | what | here |
    | --- | --- |
    | a path with `%2e` segments, or letters that it would quote anew | refused: `UsageError` |
    | a header to send that is not ASCII | refused: `UsageError` |
    | a header of the answer that is not ASCII | `ProtocolError` |
    | more than 100 headers in an answer | `ProtocolError` |
    | the names of headers | sent `Like-This`, received in lower case; those of one name stand together |
    | `Accept` and `User-Agent`, when there is none | sent as `*/*` and its own |
    | what a server sends on an idle connection | may be taken for the next answer |
    | an async call that is cancelled before the head of its answer came | its connection lives on to the deadline |
    | a body that is being read when the backend is closed | is read on, to its end or the deadline |
    | the file that `SSL_CERT_FILE` names in the environment | trusted as the system's certificates |
    """

    def __init__(self, *, ca_pem: bytes | None = None, proxy: str | None = None) -> None:
        checked_options(ca_pem, proxy)
        self._clients: Clients[SyncClient] = Clients(
            lambda connect, read: configured(SyncClientBuilder(), ca_pem, proxy, connect, read).build()
        )
        self._places = Places()
        self._closed = False

    def send(self, request: Request, /) -> PyreqwestReply:
        """Sends one request and returns the answer, whose body is still to be read.

        Raises a `TransportError` when none comes, and `UsageError` for what cannot be sent.
        """
        if self._closed:
            raise UsageError("the backend is closed")
        patience = Patience(request)
        place: Place | None = None
        try:
            place = self._places.take(patience)
            return self._answer(request, patience, place)
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = their_failure(error, patience)
        except BaseException:
            _leave(place)
            raise
        _leave(place)
        # Raised here and not above, so that the library's error, which knows the URL, is no part of the chain.
        raise failure

    def close(self) -> None:
        """Closes all connections; calls that are under way end with a `TransportError`."""
        self._closed = True
        for client in self._clients.all():
            client.close()

    def _answer(self, request: Request, patience: Patience, place: Place) -> PyreqwestReply:
        opening = self._opening(request, patience)
        response = _opened_in_time(opening, patience) if request.streamed else opening.__enter__()
        try:
            patience.answered()
            return PyreqwestReply(opening, response, patience, place)
        except BaseException:
            opening.__exit__(None, None, None)
            raise

    def _opening(self, request: Request, patience: Patience) -> SyncStreamRequest:
        url = checked_url(request)
        builder = filled(self._clients.of(request).request(request.method, url), request, url, patience)
        if isinstance(request.content, Upload):
            builder = builder.body_stream(request.content.chunks())
        # Or the library would read ahead, and hold back events and the headers of a download until it has 64 KiB.
        return builder.streamed_read_buffer_limit(0).build_streamed()


class PyreqwestReply:
    """One answer; the body's chunks are as they come, without their frames."""

    def __init__(self, opening: SyncStreamRequest, response: SyncResponse, patience: Patience, place: Place) -> None:
        self.status = response.status
        self.headers = headers_of(response)
        self._opening = opening
        self._response = response
        self._patience = patience
        self._reading = threading.Lock()
        self._closed = False
        self._place = place

    def chunks(self) -> Iterator[bytes]:
        """Yields the body; raises a `TransportError` when it does not come to its end."""
        failure: MailwrightError | None = None
        try:
            if self._place.left:
                raise TransportError(CLOSED)
            while (chunk := self._chunk()) is not None:
                yield chunk
        except Exception as error:  # noqa: BLE001 (each becomes a documented one)
            failure = their_failure(error, self._patience)
        finally:
            self.close()
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Ends the connection, if the body was not read to its end; may be called again, and by any thread."""
        self._closed = True
        # The library would wait for a thread that reads; that one ends the connection itself.
        if self._reading.acquire(blocking=False):
            try:
                if self._place.leave():
                    with suppress(Exception):
                        self._opening.__exit__(None, None, None)
            finally:
                self._reading.release()

    def _chunk(self) -> bytes | None:
        with self._reading:
            chunk = None if self._closed else self._response.body_reader.read_chunk()
        if self._closed:
            raise TransportError(CLOSED)
        return None if chunk is None else bytes(chunk)

    def __del__(self) -> None:
        if hasattr(self, "_place"):
            self.close()


def _leave(place: Place | None) -> None:
    if place is not None:
        place.leave()


def _opened_in_time(opening: SyncStreamRequest, patience: Patience) -> SyncResponse:
    # For the library, the deadline of a request is that of its body too, and a stream's body has none.
    pump = Pump(lambda: _open(opening))
    try:
        response = pump.take(patience.whole())
    except TimeoutError:
        raise patience.ran_out("read") from None
    finally:
        pump.abandon()
    assert response is not None
    return response


def _open(opening: SyncStreamRequest) -> Generator[SyncResponse]:
    response = opening.__enter__()
    try:
        yield response
    except GeneratorExit:
        opening.__exit__(None, None, None)
        raise
