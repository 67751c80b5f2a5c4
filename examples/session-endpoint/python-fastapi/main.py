"""A session endpoint for Pipit with FastAPI.

The widget POSTs what the visitor has filled in to /chat-session. This server adds who is signed in, and answers with a session
of the chat. ../README.md gives the reasons.
"""

import asyncio
import json
import logging
import os
import time
from typing import Annotated, Literal

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

SITE = os.environ["B2C_SITE"]
CREDENTIALS = httpx.BasicAuth(os.environ["B2C_USER"], os.environ["B2C_PASSWORD"])
ALLOWED_ORIGINS = os.environ["ALLOWED_ORIGINS"].split(",")
CUSTOM_FIELDS = [name for name in os.environ.get("CUSTOM_FIELDS", "").split(",") if name]
CHATS_PER_MINUTE = int(os.environ.get("CHATS_PER_MINUTE", "10"))
TIMEOUT_SECONDS = float(os.environ.get("TIMEOUT_SECONDS", "10"))
MAX_BODY_BYTES = 16_384

log = logging.getLogger("uvicorn.error")
# httpx logs each request, with its address. That is one line for each chat, and of no use here.
logging.getLogger("httpx").setLevel(logging.WARNING)


def find_signed_in_visitor(request: Request) -> dict | None:
    """YOUR LOGIN. Replace this function: return the signed-in visitor from your own session, or None.

    Never take any of these members from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
    """
    sessions = json.loads(os.environ.get("DEMO_LOGINS", "{}"))
    return sessions.get(request.cookies.get("login"))  # {"contactId", "firstName", "lastName", "emailAddress"}


# No control characters but tabs and line breaks.
TEXT_PATTERN = r"^[\P{Cc}\t\r\n]*$"
Name = Annotated[str, Field(max_length=80, pattern=TEXT_PATTERN)]
Id = Annotated[int, Field(gt=0, lt=2**53)]


def check_custom_field(name: str) -> str:
    if name not in CUSTOM_FIELDS:
        raise ValueError("unknown custom field")
    return name


CustomFieldName = Annotated[str, AfterValidator(check_custom_field)]


class TextField(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    name: CustomFieldName
    type: Literal["STRING"]
    value: Annotated[str, Field(max_length=1_000, pattern=TEXT_PATTERN)]


class CheckboxField(TypedDict):
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    name: CustomFieldName
    type: Literal["BOOLEAN"]
    value: bool


class Answers(TypedDict, total=False):
    """What the visitor has filled in. Only members that the widget is known to send are accepted."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    firstName: Name
    lastName: Name
    emailAddress: Name
    question: Annotated[str, Field(max_length=4_000, pattern=TEXT_PATTERN)]
    productId: Id
    categoryId: Id
    queueId: Id
    customFields: Annotated[list[TextField | CheckboxField], Field(max_length=20)]


ANSWERS = TypeAdapter(Answers)


class Refusal(Exception):
    """An answer other than a session."""

    def __init__(self, status: int, code: str, **headers: str):
        self.response = JSONResponse({"error": code}, status, {name.replace("_", "-"): value for name, value in headers.items()})


async def establish_session(session_information: dict) -> dict:
    """Asks the service site for a session. Returns the three members that the widget needs, and no others."""
    try:
        # The limit is for the whole call. httpx's own limits are for each part of it.
        async with asyncio.timeout(TIMEOUT_SECONDS), httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            response = await client.post(
                f"{SITE}/services/rest/crossChannelServices/latest/establishSessions",
                auth=CREDENTIALS,
                headers={"OSvC-CREST-Application-Context": "Chat session endpoint"},
                # The value is JSON in a text, not an object.
                json={"sessionInformation": json.dumps(session_information)},
            )
        if response.status_code != 200:
            raise ValueError(f"status {response.status_code}")
        answer = response.json()
        session = {name: answer[name] for name in ("siteName", "channelToken", "sessionServerResponse")}
        if not all(value and isinstance(value, str) for value in session.values()):
            raise ValueError("no session in the answer")
        return session
    except (TimeoutError, httpx.TimeoutException):
        log.warning("establishSessions: no answer in time")
        raise Refusal(504, "service_timeout") from None
    except json.JSONDecodeError:
        log.warning("establishSessions: no JSON")
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        # The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
        log.warning("establishSessions: %s", error if type(error) is ValueError else type(error).__name__)
    raise Refusal(502, "service_unavailable")


async def read_answers(request: Request) -> Answers:
    if request.headers.get("Content-Type", "").split(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "unsupported_type")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Refusal(413, "too_large", Connection="close")
    try:
        return ANSWERS.validate_json(body)
    except ValidationError:
        raise Refusal(400, "malformed") from None


class RateLimit:
    """Counts the requests of each client in each minute, in the memory of this process."""

    def __init__(self) -> None:
        self.minute = 0
        self.counts: dict[str, int] = {}

    def is_exceeded_by(self, client: str) -> bool:
        minute = int(time.time() // 60)
        if minute != self.minute:
            self.minute, self.counts = minute, {}
        self.counts[client] = self.counts.get(client, 0) + 1
        return self.counts[client] > CHATS_PER_MINUTE


rate_limit = RateLimit()
app = FastAPI(openapi_url=None)


@app.exception_handler(Refusal)
async def refuse(_request: Request, refusal: Refusal) -> Response:
    return refusal.response


@app.exception_handler(HTTPException)
async def handle_http_exception(_request: Request, error: HTTPException) -> Response:
    codes = {404: "not_found", 405: "method_not_allowed"}
    headers = {"Allow": "POST, OPTIONS"} if error.status_code == 405 else None
    return JSONResponse({"error": codes.get(error.status_code, "internal")}, error.status_code, headers)


@app.middleware("http")
async def check_origin(request: Request, call_next) -> Response:
    """Refuses pages of other origins, and opens the answers to the listed ones."""
    origin = request.headers.get("Origin")
    if origin is not None and origin not in ALLOWED_ORIGINS:
        response = JSONResponse({"error": "origin_not_allowed"}, 403)
    else:
        response = await call_next(request)
        if origin is not None:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Methods"] = "POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    response.headers.update({"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"})
    return response


@app.options("/chat-session", status_code=204)
async def answer_preflight() -> Response:
    return Response(status_code=204)


@app.post("/chat-session")
async def start_session(request: Request) -> dict:
    # uvicorn reads the client's address from X-Forwarded-For, if --forwarded-allow-ips names your proxy.
    if rate_limit.is_exceeded_by(request.client.host):
        raise Refusal(429, "rate_limited", Retry_After="60")
    answers = await read_answers(request)
    visitor = find_signed_in_visitor(request)
    if visitor is not None:
        # What a visitor types is only a claim. It never replaces a part of a signed-in visitor.
        for name in ("firstName", "lastName", "emailAddress"):
            answers.pop(name, None)
    return await establish_session({**answers, **(visitor or {})})
