"""What every generated client stands on: calls, errors, models, paging, and the seam to HTTP.

httpx is imported when the first call of a client without a backend of its own is made, not before.
"""

from __future__ import annotations

from mailwright.runtime.async_client import AsyncAnsweringClient, AsyncClient
from mailwright.runtime.caller import AsyncCaller, AsyncResource, Caller, Resource
from mailwright.runtime.client import AnsweringClient, Client
from mailwright.runtime.credentials import ApiKey, Credential, api_key
from mailwright.runtime.errors import (
    APIError,
    AuthenticationFailed,
    Conflict,
    ConnectFailed,
    Disconnected,
    InvalidRequest,
    MailwrightError,
    NotFound,
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
from mailwright.runtime.models import UNSET, Model, RequestModel, ResponseModel, Unset
from mailwright.runtime.operation import Operation, Paging
from mailwright.runtime.paging import AsyncPages, Page, Pages
from mailwright.runtime.request import AsyncBackend, Backend, Reply, Request
from mailwright.runtime.response import Response
from mailwright.runtime.with_response import async_with_response, with_response

__all__ = [
    "UNSET",
    "APIError",
    "AnsweringClient",
    "ApiKey",
    "AsyncAnsweringClient",
    "AsyncBackend",
    "AsyncCaller",
    "AsyncClient",
    "AsyncPages",
    "AsyncResource",
    "AuthenticationFailed",
    "Backend",
    "Caller",
    "Client",
    "Conflict",
    "ConnectFailed",
    "Credential",
    "Disconnected",
    "InvalidRequest",
    "MailwrightError",
    "Model",
    "NotFound",
    "Operation",
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
    "ServerError",
    "TimedOut",
    "TransportError",
    "Unset",
    "UsageError",
    "api_key",
    "async_with_response",
    "with_response",
]
