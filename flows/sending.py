"""Sending: a message to standard output, by e-mail or to the webhook of a chat."""

import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial

from flows.settings import Settings

TIMEOUT_SECONDS = 20
TLS_FROM_THE_START = 465


class NotSent(Exception):
    """A message could not be sent; says what to do."""


@dataclass(frozen=True)
class Message:
    """What is sent: a subject of one line, and a body of plain text."""

    subject: str
    body: str


@dataclass(frozen=True)
class Sender:
    """A way of sending.

    Attributes:
        channel: its name: `print`, `email` or `webhook`.
        send: sends a message.
    """

    channel: str
    send: Callable[[Message], None]


def sender(settings: Settings, *, silent: bool = False) -> Sender:
    """Return the way of sending that is set.

    Args:
        settings: what is set.
        silent: print nothing, where what would be printed is shown in another form.
    """
    ways: dict[str, Callable[[Message], None]]
    ways = {
        "print": (lambda _: None) if silent else show,
        "email": partial(mail, settings),
        "webhook": partial(post, settings),
    }
    return Sender(settings.notify, ways[settings.notify])


def show(message: Message) -> None:
    """Print a message."""
    print(f"{message.subject}\n\n{message.body}")


def mail(settings: Settings, message: Message) -> None:
    """Send a message by e-mail; encrypted where the mail server can, and a password is never sent in clear.

    Raises:
        NotSent: if the mail server did not take it for anybody.
    """
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = message.subject, settings.notify_from, settings.notify_to
    letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=settings.notify_from.partition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # so that nobody's absence is answered to us
    letter.set_content(message.body)
    try:
        refused = _deliver(settings, letter)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(
            f"The mail server {settings.notify_smtp} did not take the e-mail ({_why(error)}). "
            "Nothing is lost: it is tried again by the next run, or by `vawg notify`."
        ) from None
    for address in refused:
        print(f"Warning: the mail server did not take the address {address}.", file=sys.stderr)


def _deliver(settings: Settings, letter: EmailMessage) -> list[str]:
    """Hand a letter to the mail server, and return the addresses that it refused, if it took any."""
    host, _, port = settings.notify_smtp.rpartition(":")
    trusted = ssl.create_default_context()
    if int(port) == TLS_FROM_THE_START:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=TIMEOUT_SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(host, int(port), timeout=TIMEOUT_SECONDS)
    with server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=trusted)
        if settings.notify_smtp_user:
            if not isinstance(server.sock, ssl.SSLSocket):
                raise smtplib.SMTPException("it offers no encryption, so the password is not sent to it")
            server.login(settings.notify_smtp_user, settings.notify_smtp_password.get_secret_value())
        return list(server.send_message(letter))


def _why(error: Exception) -> str:
    """Return what a mail server said, in a line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answered {error.smtp_code}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "it refused every address"
    return " ".join(str(error).split()) or type(error).__name__


def post(settings: Settings, message: Message) -> None:
    """Post a message as JSON, `{"text": ...}`, as the chats take it. The address is a secret, and never said.

    Raises:
        NotSent: if it was not taken.
    """
    import httpx

    url = settings.notify_webhook.get_secret_value()
    try:
        answer = httpx.post(url, json={"text": f"{message.subject}\n\n{message.body}"}, timeout=TIMEOUT_SECONDS)
        said = "" if answer.is_success else f"it answered {answer.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said = f"it could not be reached: {type(error).__name__}"
    if said:
        raise NotSent(
            f"The webhook did not take the message ({said}). Nothing is lost: it is tried again by the next run, or by "
            "`vawg notify`."
        )
