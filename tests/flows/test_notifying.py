"""Notices of late returns and rejected files: each once, by every channel, and nothing personal in them."""

import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from email.message import Message as Letter
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.context import ForkServerContext
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from typer.testing import CliRunner

from flows.cli import app
from flows.home import Home
from flows.ingesting import replay
from flows.notifying import notify
from flows.sending import Message, NotSent, Sender, sender
from flows.settings import SettingsError, load_settings
from tests.empty import with_warehouse
from tests.flows.arriving import arrive, one_stop_shop, refuges

JULY = date(2020, 7, 9)


@dataclass
class Outbox:
    """Keeps what is sent."""

    sent: list[Message] = field(default_factory=list)

    @property
    def sender(self) -> Sender:
        return Sender("print", self.sent.append)


@pytest.fixture(scope="module")
def home_of_may(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home in which the return of June has not come, to be copied."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("may") / "home"))
    arrive(home, "oss.csv", one_stop_shop("May 2020"), on="2020-06-03")
    return home


@pytest.fixture
def late(home_of_may: Home, tmp_path: Path) -> Home:
    """Return a home in which the return of June has not come."""
    return Home(copytree(home_of_may.root, tmp_path / "late"))


def recorded(home: Home) -> list[Any]:
    with home.open() as connection:
        return connection.sql("SELECT notice_id, kind, channel FROM notification ORDER BY ALL").fetchall()


# What is told, and when


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2020, 7, 8), []),  # late by one working day: it may be in the post
        (date(2020, 7, 9), [("late", 2)]),
        (date(2020, 7, 13), [("late", 4)]),
        (date(2020, 7, 14), [("overdue", 5)]),
    ],
)
def test_late_return_is_told_from_the_second_working_day_on(late: Home, today: date, told: list[Any]) -> None:
    assert [(one.kind, one.late_by) for one in notify(late, today, Outbox().sender)] == told


def test_each_is_told_once_and_an_overdue_one_once_again(late: Home) -> None:
    outbox = Outbox()
    days = [date(2020, 7, day) for day in (9, 10, 13, 14, 15, 31)]
    assert [len(notify(late, day, outbox.sender)) for day in days] == [1, 0, 0, 1, 0, 0]
    assert [one.subject for one in outbox.sent] == ["VAWG returns: 1 late", "VAWG returns: 1 late"]
    assert recorded(late) == [
        ("late/one_stop_shop/2020-06-01", "late", "print"),
        ("overdue/one_stop_shop/2020-06-01", "overdue", "print"),
    ]


def test_return_that_came_is_told_no_more_and_the_next_late_one_is(late: Home) -> None:
    assert len(notify(late, JULY, Outbox().sender)) == 1
    arrive(late, "june.csv", one_stop_shop("Jun 2020"), on="2020-07-10")
    assert notify(late, date(2020, 8, 7), Outbox().sender) == []
    (one,) = notify(late, date(2020, 8, 11), Outbox().sender)
    assert (one.period, one.due_on, one.late_by) == ("Jul 2020", date(2020, 8, 7), 2)


def test_of_several_late_returns_of_a_source_the_latest_is_told_with_how_many_there_are(late: Home) -> None:
    outbox = Outbox()
    assert [len(notify(late, date(2020, 8, day), outbox.sender)) for day in (3, 10, 11, 12)] == [1, 0, 1, 0]
    assert "May 2020" not in outbox.sent[1].body
    assert (
        "Jul 2020 was due by 7 August 2020 and is 2 working days late. 2 returns in all have not come."
        in outbox.sent[1].body
    )


def test_parts_are_told_of_each_for_itself(home: Home) -> None:
    arrive(home, "both.csv", refuges("2019/20 Q4", "Minerva House", "Hannah & Arlene"), on="2020-04-20")
    arrive(home, "one.csv", refuges("2020/21 Q1", "Minerva House"), on="2020-07-10")
    (one,) = notify(home, date(2020, 7, 28), Outbox().sender)
    assert one.notice_id == "overdue/refuge/HANNAH_AND_ARLENE_HOUSE/2020-04-01"
    assert one.title == "Refuges: Hannah House and Arlene House"


def test_message_says_in_plain_english_what_is_to_be_done(late: Home) -> None:
    bad = arrive(late, "bad.csv", one_stop_shop("Jun 2020").replace(",4,", ",many,"), on="2020-07-08T23:30")
    outbox = Outbox()
    assert [one.kind for one in notify(late, JULY, outbox.sender)] == ["late", "rejected"]
    (message,) = outbox.sent
    assert message.subject == "VAWG returns: 1 late, 1 file rejected"
    # Received half an hour before midnight UTC, which is the day after in London.
    assert message.body == (
        "These returns are late. Nobody but the readers of this message has been told: please ask for them.\n\n"
        "- One Stop Shop, from Barnet Homes: Jun 2020 was due by 7 July 2020 and is 2 working days late.\n\n"
        "Until they come, the figures that rest on them end earlier or are empty, and say so.\n\n"
        "These files were rejected. Nothing of them was loaded, and what was loaded before stands.\n\n"
        "- A file of One Stop Shop, from Barnet Homes, received on 9 July 2020.\n"
        f"  `vawg quarantine show {bad.submission_id}` says why, and where the answer to its sender lies.\n"
    )


def test_nothing_that_a_sender_wrote_is_told(home: Home) -> None:
    name = "Robin Canary\r\nBcc: all@example.org <!channel> {{ 7*7 }}.csv"
    arrive(home, name, one_stop_shop("Jun 2020").replace(",4,", ",Canary cell,"), on="2020-07-08")
    arrive(home, "Canary unknown.csv", "Canary header\nCanary text\n", on="2020-07-08")
    outbox = Outbox()
    notices = notify(home, JULY, outbox.sender)
    assert len(notices) == 2
    (message,) = outbox.sent
    assert "A file that is of no known source" in message.body
    said = f"{message} {notices} {recorded(home)}"
    assert not [word for word in ("Canary", "Bcc", "channel>", "{{") if word in said]
    assert "\n" not in message.subject


def test_file_that_is_rejected_again_is_not_told_again(home: Home) -> None:
    text = one_stop_shop("Jun 2020").replace(",4,", ",many,")
    arrive(home, "bad.csv", text, on="2020-07-08")
    assert len(notify(home, JULY, Outbox().sender)) == 1
    assert [one.status for one in replay(home, [])] == ["rejected"]
    arrive(home, "the same bytes.csv", text, on="2020-07-09")
    assert notify(home, JULY, Outbox().sender) == []


# Sent once, never lost


def test_what_could_not_be_sent_is_told_by_the_next_call(late: Home) -> None:
    def fail(_: Message) -> None:
        raise NotSent("The mail server is asleep.")

    with pytest.raises(NotSent):
        notify(late, JULY, Sender("email", fail))
    assert recorded(late) == []
    assert len(notify(late, JULY, Outbox().sender)) == 1


def tell_and_die(root: Path, told: Path, *, is_sent: bool) -> None:
    """Notify in a process that is killed just before it sends, or just after."""

    def send(message: Message) -> None:
        if is_sent:
            told.write_text(f"{message.subject}\n", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)

    notify(Home(root), JULY, Sender("print", send))


@pytest.mark.parametrize("is_sent", [False, True])
def test_process_killed_before_it_records_what_it_sent_loses_nothing_and_tells_it_at_most_twice(
    late: Home, tmp_path: Path, warm: ForkServerContext, is_sent: bool
) -> None:
    told, outbox = tmp_path / "told.txt", Outbox()
    process = warm.Process(target=tell_and_die, args=(late.root, told), kwargs={"is_sent": is_sent})
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (told.exists(), recorded(late)) == (is_sent, [])
    for _ in range(2):
        notify(late, JULY, outbox.sender)
    assert [one.subject for one in outbox.sent] == ["VAWG returns: 1 late"]


def test_two_at_once_tell_it_once(late: Home) -> None:
    outbox = Outbox()
    slow = threading.Event()

    def send(message: Message) -> None:
        slow.wait(0.2)
        outbox.sent.append(message)

    several = [threading.Thread(target=notify, args=(late, JULY, Sender("print", send))) for _ in range(3)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert len(outbox.sent) == 1


# By e-mail


class Inbox:
    """A mail server that keeps what it takes, refuses strangers, and breaks when told to."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.taken_for: list[str] = []
        self.is_broken = False

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if address.startswith("stranger"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.is_broken:
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.taken_for += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """Run a mail server, and set that notices go to it."""
    box = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    given = {"": "email", "_TO": "team@council.example", "_FROM": "vawg@council.example", "_SMTP": f"127.0.0.1:{port}"}
    for name, value in given.items():
        monkeypatch.setenv(f"VAWG_NOTIFY{name}", value)
    yield box
    controller.stop()


def test_email_arrives_with_what_was_told(late: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_NOTIFY_TO", "team@council.example, head@council.example")
    notify(late, JULY, sender(load_settings()))
    (letter,) = inbox.letters
    assert (letter["Subject"], letter["From"]) == ("VAWG returns: 1 late", "vawg@council.example")
    assert letter["To"] == "team@council.example, head@council.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "One Stop Shop, from Barnet Homes: Jun 2020 was due by 7 July 2020" in letter.get_payload()
    assert inbox.taken_for == ["team@council.example", "head@council.example"]
    assert recorded(late) == [("late/one_stop_shop/2020-06-01", "late", "email")]


def test_mail_server_that_fails_is_a_clear_line_and_is_tried_again(late: Home, inbox: Inbox) -> None:
    inbox.is_broken = True
    with pytest.raises(NotSent, match=r"did not take the e-mail \(it answered 451\)\. Nothing is lost"):
        notify(late, JULY, sender(load_settings()))
    inbox.is_broken = False
    assert len(notify(late, JULY, sender(load_settings()))) == 1
    assert len(inbox.letters) == 1


def test_address_that_is_refused_does_not_keep_it_from_the_others(
    late: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAWG_NOTIFY_TO", "stranger@council.example,team@council.example")
    assert len(notify(late, JULY, sender(load_settings()))) == 1
    assert inbox.taken_for == ["team@council.example"]
    assert "did not take the address stranger@council.example" in capsys.readouterr().err
    monkeypatch.setenv("VAWG_NOTIFY_TO", "stranger@council.example")
    with pytest.raises(NotSent, match="it refused every address"):
        notify(late, date(2020, 7, 14), sender(load_settings()))


def test_password_is_not_sent_to_a_server_without_encryption(
    late: Home, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAWG_NOTIFY_SMTP_USER", "vawg")
    monkeypatch.setenv("VAWG_NOTIFY_SMTP_PASSWORD", "secret canary")
    with pytest.raises(NotSent, match="it offers no encryption, so the password is not sent") as told:
        notify(late, JULY, sender(load_settings()))
    assert "canary" not in f"{told.value} {load_settings()!r}"
    assert inbox.letters == []


def test_run_goes_through_where_the_mail_server_is_gone(
    late: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.cli.ending import tell_notices

    for name, value in {"": "email", "_TO": "a@b.example", "_FROM": "c@b.example", "_SMTP": "127.0.0.1:1"}.items():
        monkeypatch.setenv(f"VAWG_NOTIFY{name}", value)
    assert tell_notices(late, load_settings(), as_json=False) == []
    said = capsys.readouterr().err
    assert said.startswith("Warning: The mail server 127.0.0.1:1 did not take the e-mail (")
    assert said.count("\n") == 1
    monkeypatch.setenv("VAWG_HOME", str(late.root))
    command = CliRunner().invoke(app, ["notify", "--today", "2020-07-09"])
    assert (command.exit_code, type(command.exception)) == (1, NotSent)


# To a webhook


@dataclass
class Chat:
    """A webhook that keeps what is posted to it."""

    url: str = ""
    status: int = 200
    posted: list[Any] = field(default_factory=list)


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """Run a webhook, and set that notices go to it."""
    chat = Chat()

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/json"
            chat.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(chat.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    chat.url = f"http://127.0.0.1:{server.server_port}/secret-canary"
    monkeypatch.setenv("VAWG_NOTIFY", "webhook")
    monkeypatch.setenv("VAWG_NOTIFY_WEBHOOK", chat.url)
    yield chat
    server.shutdown()
    server.server_close()
    thread.join()


def test_webhook_gets_the_text(late: Home, chat: Chat) -> None:
    notify(late, JULY, sender(load_settings()))
    (posted,) = chat.posted
    assert posted.keys() == {"text"}
    assert posted["text"].startswith("VAWG returns: 1 late\n\nThese returns are late.")
    assert recorded(late)[0][2] == "webhook"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_webhook_that_refuses_is_tried_again_and_its_address_is_kept_secret(
    late: Home, chat: Chat, status: int
) -> None:
    chat.status = status
    with pytest.raises(NotSent, match=rf"did not take the message \(it answered {status}\)") as told:
        notify(late, JULY, sender(load_settings()))
    assert "canary" not in f"{told.value} {load_settings()!r}"
    chat.status = 200
    assert len(notify(late, JULY, sender(load_settings()))) == 1


def test_webhook_that_is_not_there_is_a_clear_line(late: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_NOTIFY", "webhook")
    monkeypatch.setenv("VAWG_NOTIFY_WEBHOOK", "http://127.0.0.1:1/secret-canary")
    with pytest.raises(NotSent, match=r"\(it could not be reached: ConnectError\)") as told:
        notify(late, JULY, sender(load_settings()))
    assert "canary" not in str(told.value)


# The command and its settings


def test_command_prints_what_is_new_and_json_alone_where_asked(late: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_HOME", str(late.root))
    run = CliRunner().invoke
    looked_at = run(app, ["notify", "--today", "2020-07-09", "--dry-run"]).stdout
    assert recorded(late) == []
    first = run(app, ["notify", "--today", "2020-07-09"]).stdout
    assert first.startswith("VAWG returns: 1 late\n\nThese returns are late.")
    assert looked_at == first
    again = run(app, ["notify", "--today", "2020-07-09"]).stdout
    assert again == "There is nothing to tell that was not told before.\n"
    (one,) = json.loads(run(app, ["notify", "--today", "2020-07-14", "--json"]).stdout)
    assert (one["kind"], one["source"], one["due_on"], one["late_by"]) == ("overdue", "one_stop_shop", "2020-07-07", 5)


def test_everything_wrong_with_the_settings_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "": "email",
        "_TO": "nobody",
        "_SMTP": "mail",
        "_WEBHOOK": "http://chat.example/canary",
    }.items():
        monkeypatch.setenv(f"VAWG_NOTIFY{name}", value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert str(told.value).splitlines()[1:] == [
        "  - VAWG_NOTIFY_TO: nobody: write e-mail addresses alone, with commas between them",
        "  - VAWG_NOTIFY_FROM: VAWG_NOTIFY is email, which needs an address here, such as vawg@council.example",
        "  - VAWG_NOTIFY_SMTP: the mail server is written as host:port, such as mail.council.example:587",
        "  - VAWG_NOTIFY_WEBHOOK: the address to post to begins with https:// (http:// only on this machine)",
    ]


def test_channel_that_does_not_exist_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_NOTIFY", "pigeon")
    with pytest.raises(SettingsError, match="VAWG_NOTIFY: Input should be 'print', 'email' or 'webhook'"):
        load_settings()
