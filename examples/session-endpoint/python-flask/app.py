"""A session endpoint for Pipit with Flask.

The widget POSTs what the visitor has filled in to /chat-session. This server adds who is signed in, and answers with a session
of the chat. ../README.md gives the reasons.
"""

import base64
import json
import os
import threading
import time
import unicodedata

import requests
import urllib3
from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

SITE = os.environ["B2C_SITE"]
# requests would encode the credentials in Latin-1.
CREDENTIALS = base64.b64encode(f"{os.environ['B2C_USER']}:{os.environ['B2C_PASSWORD']}".encode()).decode()
ALLOWED_ORIGINS = os.environ["ALLOWED_ORIGINS"].split(",")
CUSTOM_FIELDS = [name for name in os.environ.get("CUSTOM_FIELDS", "").split(",") if name]
CHATS_PER_MINUTE = int(os.environ.get("CHATS_PER_MINUTE", "10"))
TIMEOUT_SECONDS = float(os.environ.get("TIMEOUT_SECONDS", "10"))
MAX_BODY_BYTES = 16_384
TEXT_LIMITS = {"firstName": 80, "lastName": 80, "emailAddress": 80, "question": 4_000}
MAX_CUSTOM_FIELDS = 20

app = Flask(__name__)
# One more than allowed, because Werkzeug cuts off a longer body that comes in chunks, without an error.
app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
# The number of proxies of yours before this server, each of which adds an address to X-Forwarded-For.
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=int(os.environ.get("PROXIES", "0")), x_proto=0, x_host=0)


def find_signed_in_visitor():
    """YOUR LOGIN. Replace this function: return the signed-in visitor from your own session, such as flask.session, or None.

    Never take any of these members from the body of the request. Here, the variable DEMO_LOGINS plays the table of sessions.
    """
    sessions = json.loads(os.environ.get("DEMO_LOGINS", "{}"))
    return sessions.get(request.cookies.get("login"))  # {"contactId", "firstName", "lastName", "emailAddress"}


class Refusal(Exception):
    """An answer other than a session."""

    def __init__(self, status, code, headers=None):
        self.response = {"error": code}, status, headers or {}


def establish_session(session_information):
    """Asks the service site for a session. Returns the three members that the widget needs, and no others."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        with requests.post(
            f"{SITE}/services/rest/crossChannelServices/latest/establishSessions",
            headers={"Authorization": f"Basic {CREDENTIALS}", "OSvC-CREST-Application-Context": "Chat session endpoint"},
            # The value is JSON in a text, not an object.
            json={"sessionInformation": json.dumps(session_information)},
            allow_redirects=False,
            stream=True,
            timeout=TIMEOUT_SECONDS,
        ) as response:
            if response.status_code != 200:
                raise ValueError(f"status {response.status_code}")
            # The limit of requests is for each part of the answer, so a slow answer could take longer.
            body = b""
            # The method `raw.read1` returns what has come; the others wait for more.
            while part := response.raw.read1(65_536, decode_content=True):
                body += part
                if time.monotonic() > deadline:
                    raise requests.Timeout
        answer = json.loads(body)
        session = {name: answer[name] for name in ("siteName", "channelToken", "sessionServerResponse")}
        if not all(value and isinstance(value, str) for value in session.values()):
            raise ValueError("no session in the answer")
        return session
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        app.logger.warning("establishSessions: no answer in time")
        raise Refusal(504, "service_timeout") from None
    except json.JSONDecodeError:
        app.logger.warning("establishSessions: no JSON")
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
        # The log gets the cause, and no answer of the service site, which may repeat credentials or what the visitor wrote.
        app.logger.warning("establishSessions: %s", error if type(error) is ValueError else type(error).__name__)
    raise Refusal(502, "service_unavailable")


def is_text(value, max_length):
    # No control characters but tabs and line breaks, and no half of a surrogate pair.
    return (
        isinstance(value, str)
        and len(value) <= max_length
        and all(char in "\t\r\n" or unicodedata.category(char) not in ("Cc", "Cs") for char in value)
    )


def is_custom_field(field):
    if not isinstance(field, dict) or field.keys() != {"name", "type", "value"} or field["name"] not in CUSTOM_FIELDS:
        return False
    if field["type"] == "STRING":
        return is_text(field["value"], 1_000)
    return field["type"] == "BOOLEAN" and isinstance(field["value"], bool)


def is_answer(name, value):
    if name in TEXT_LIMITS:
        return is_text(value, TEXT_LIMITS[name])
    if name in ("productId", "categoryId", "queueId"):
        # In Python, `True` is an integer, too.
        return type(value) is int and 0 < value < 2**53
    is_list = name == "customFields" and isinstance(value, list) and len(value) <= MAX_CUSTOM_FIELDS
    return is_list and all(is_custom_field(field) for field in value)


def read_answers():
    """Reads what the visitor has filled in. Only members that the widget is known to send are accepted."""
    if request.mimetype != "application/json":
        raise Refusal(415, "unsupported_type")
    body = request.get_data()
    if len(body) > MAX_BODY_BYTES:
        raise Refusal(413, "too_large")
    try:
        answers = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal(400, "malformed") from None
    if not isinstance(answers, dict) or not all(is_answer(name, value) for name, value in answers.items()):
        raise Refusal(400, "malformed")
    return answers


class RateLimit:
    """Counts the requests of each client in each minute, in the memory of this process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.minute = 0
        self.counts = {}

    def is_exceeded_by(self, client):
        minute = int(time.time() // 60)
        with self.lock:
            if minute != self.minute:
                self.minute, self.counts = minute, {}
            self.counts[client] = self.counts.get(client, 0) + 1
            return self.counts[client] > CHATS_PER_MINUTE


rate_limit = RateLimit()


@app.before_request
def check_origin():
    origin = request.headers.get("Origin")
    if origin is not None and origin not in ALLOWED_ORIGINS:
        raise Refusal(403, "origin_not_allowed")


@app.after_request
def add_headers(response):
    response.headers.update({"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"})
    origin = request.headers.get("Origin")
    if origin in ALLOWED_ORIGINS:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response


@app.errorhandler(Refusal)
def refuse(refusal):
    return refusal.response


@app.errorhandler(HTTPException)
def handle_http_exception(error):
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    headers = {"Allow": "POST, OPTIONS"} if error.code == 405 else {}
    return {"error": codes.get(error.code, "internal")}, error.code, headers


@app.route("/chat-session", methods=["OPTIONS"])
def answer_preflight():
    return "", 204


@app.post("/chat-session")
def start_session():
    if rate_limit.is_exceeded_by(request.remote_addr):
        raise Refusal(429, "rate_limited", {"Retry-After": "60"})
    answers = read_answers()
    visitor = find_signed_in_visitor()
    if visitor is not None:
        # What a visitor types is only a claim. It never replaces a part of a signed-in visitor.
        for name in ("firstName", "lastName", "emailAddress"):
            answers.pop(name, None)
    return establish_session({**answers, **(visitor or {})})
