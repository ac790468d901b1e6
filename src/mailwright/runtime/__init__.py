"""What every generated client stands on: calls, errors, models, paging, and the seam to HTTP.

httpx is imported when the first call of a client without a backend of its own is made, not before.
"""

from __future__ import annotations

from mailwright.runtime.async_client import AsyncAnsweringClient, AsyncClient
from mailwright.runtime.attempt import Attempt
from mailwright.runtime.batch import AsyncCommandClient, Command, CommandClient, command
from mailwright.runtime.caller import AsyncCaller, AsyncResource, Caller, Resource
from mailwright.runtime.client import AnsweringClient, Client
from mailwright.runtime.credentials import (
    ApiKey,
    Basic,
    Bearer,
    Credential,
    EncodedToken,
    api_key,
    basic,
    bearer,
    encoded_token,
    one_of,
)
from mailwright.runtime.destroying import Heeds, among, check_destroy, check_filtered, not_empty
from mailwright.runtime.dialects import ExitCode
from mailwright.runtime.download import AsyncDownload, Download
from mailwright.runtime.entries import Done, Entry
from mailwright.runtime.errors import (
    APIError,
    AuthenticationFailed,
    CommandDropped,
    Conflict,
    ConnectFailed,
    Disconnected,
    InvalidRequest,
    LimitExceeded,
    MailwrightError,
    NotFound,
    NotSent,
    OneTimePasswordNeeded,
    PartialFailure,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    ResponseInvalid,
    ServerError,
    TimedOut,
    TransportError,
    UsageError,
)
from mailwright.runtime.event_course import Event
from mailwright.runtime.events import AsyncEventStream, EventStream
from mailwright.runtime.flags import as_flag
from mailwright.runtime.id_sets import IdSet, id_set
from mailwright.runtime.items import async_one_by_one, one_by_one
from mailwright.runtime.limits import Limits
from mailwright.runtime.models import UNSET, Model, RequestModel, ResponseModel, Unset
from mailwright.runtime.opened import AsyncOpened, Opened
from mailwright.runtime.operation import Operation, Paging
from mailwright.runtime.options import AsyncOptions, CallOptions, Options
from mailwright.runtime.outcomes import ItemOutcome, Outcome, Outcomes
from mailwright.runtime.paging import AsyncPages, Page, Pages
from mailwright.runtime.passwords import hash_password
from mailwright.runtime.request import AsyncBackend, AsyncStreamedReply, Backend, Reply, Request, StreamedReply
from mailwright.runtime.response import Response
from mailwright.runtime.retries import FailedAttempt, Retries, full_jitter, when_safe
from mailwright.runtime.rpc import Rpc
from mailwright.runtime.timeouts import Timeout
from mailwright.runtime.upload import Upload
from mailwright.runtime.whole_bodies import no_null
from mailwright.runtime.with_response import (
    async_with_response,
    async_with_responses,
    with_response,
    with_responses,
)

__all__ = [
    "UNSET",
    "APIError",
    "AnsweringClient",
    "ApiKey",
    "AsyncAnsweringClient",
    "AsyncBackend",
    "AsyncCaller",
    "AsyncClient",
    "AsyncCommandClient",
    "AsyncDownload",
    "AsyncEventStream",
    "AsyncOpened",
    "AsyncOptions",
    "AsyncPages",
    "AsyncResource",
    "AsyncStreamedReply",
    "Attempt",
    "AuthenticationFailed",
    "Backend",
    "Basic",
    "Bearer",
    "CallOptions",
    "Caller",
    "Client",
    "Command",
    "CommandClient",
    "CommandDropped",
    "Conflict",
    "ConnectFailed",
    "Credential",
    "Disconnected",
    "Done",
    "Download",
    "EncodedToken",
    "Entry",
    "Event",
    "EventStream",
    "ExitCode",
    "FailedAttempt",
    "Heeds",
    "IdSet",
    "InvalidRequest",
    "ItemOutcome",
    "LimitExceeded",
    "Limits",
    "MailwrightError",
    "Model",
    "NotFound",
    "NotSent",
    "OneTimePasswordNeeded",
    "Opened",
    "Operation",
    "Options",
    "Outcome",
    "Outcomes",
    "Page",
    "Pages",
    "Paging",
    "PartialFailure",
    "PermissionDenied",
    "ProtocolError",
    "RateLimited",
    "Reply",
    "Request",
    "RequestModel",
    "Resource",
    "Response",
    "ResponseInvalid",
    "ResponseModel",
    "Retries",
    "Rpc",
    "ServerError",
    "StreamedReply",
    "TimedOut",
    "Timeout",
    "TransportError",
    "Unset",
    "Upload",
    "UsageError",
    "among",
    "api_key",
    "as_flag",
    "async_one_by_one",
    "async_with_response",
    "async_with_responses",
    "basic",
    "bearer",
    "check_destroy",
    "check_filtered",
    "command",
    "encoded_token",
    "full_jitter",
    "hash_password",
    "id_set",
    "no_null",
    "not_empty",
    "one_by_one",
    "one_of",
    "when_safe",
    "with_response",
    "with_responses",
]
