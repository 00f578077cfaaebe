"""Files that land on S3: taken in like those of a folder, kept beside where they landed, each exactly once."""

import os
import signal
from datetime import datetime
from itertools import product
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from flows.encrypting import encrypt
from flows.home import Home
from flows.ingesting import ingest, replay
from flows.keys import STORAGE, renew_storage_key
from flows.landing import places
from flows.landing.bucket import S3Object
from flows.landing.place import NotThere
from flows.landing.s3 import BucketShut
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish
from flows.retaining import retain
from flows.sealing import MARK
from tests.empty import with_warehouse
from tests.flows import people
from tests.flows.buckets import Store, Trouble, cut, garble, killing, meanwhile, refusing
from tests.flows.people import declare, with_keys
from warehouse import open_published

HEADER = "Month,Area code,Concept,Measure,Count,Extract date"
MONTHS = [f"{2020 + number // 12}-{number % 12 + 1:02}-01" for number in range(3, 15)]
LANDING = "s3://council/vawg/landing/"


def extract(count: object = 100, drawn_on: str = "2026-01-05") -> str:
    """Return a year of incidents of Barnet."""
    rows = [f"{month},E09000003,DA_INCIDENT,incidents,{count},{drawn_on}" for month in MONTHS]
    return "\n".join([HEADER, *rows, ""])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home whose files land on S3."""
    return with_warehouse(Home(tmp_path / "home", bucket=LANDING))


def sweep(home: Home) -> list[Outcome]:
    """Take in what waits."""
    return ingest(home, [places.landing(home).address])


def incidents(home: Home) -> list[float]:
    """Publish, and return the incidents of the one complete window."""
    refresh_and_publish(home)
    with open_published(home.published) as figures:
        query = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND value IS NOT NULL"
        return list(figures.sql(query)["value"])


def audited(home: Home) -> list[tuple[str, str, str]]:
    """Return name, verdict and place of every submission."""
    with home.open() as connection:
        return connection.execute("SELECT file_name, status, kept_as FROM submission ORDER BY received_at").fetchall()


def raw_files_of(home: Home) -> list[str]:
    """Return what lies in the folders of the home where files would land and be kept."""
    return [
        path.name
        for folder in (home.landing, home.archive, home.quarantine)
        for path in folder.rglob("*")
        if path.is_file()
    ]


# What becomes of an object


def test_accepted_object_is_loaded_kept_beside_landing_and_gone_from_it(home: Home, store: Store) -> None:
    store.put("vawg/landing/sent/extract.csv", extract())
    (outcome,) = sweep(home)
    assert (outcome.status, outcome.file_name, outcome.counts.loaded) == ("accepted", "extract.csv", 12)
    assert str(outcome.kept_as).startswith("s3://council/vawg/archive/police_extract/")
    assert store.get(str(outcome.kept_as)) == extract().encode()
    assert store.lists("vawg/landing/") == []
    assert raw_files_of(home) == []
    assert incidents(home) == [1200]
    assert sweep(home) == []


def test_same_bytes_again_are_unchanged_and_kept_once(home: Home, store: Store) -> None:
    for name in ("one.csv", "other.csv"):
        store.put(f"vawg/landing/{name}", extract())
    first, second = sweep(home)
    assert (first.status, second.status, second.kept_as) == ("accepted", "unchanged", first.kept_as)
    assert store.lists() == [str(first.kept_as).removeprefix("s3://council/")]


def test_rejected_object_goes_to_quarantine_with_its_answer_in_the_home(home: Home, store: Store) -> None:
    store.put("vawg/landing/extract.csv", extract("many"))
    (outcome,) = sweep(home)
    assert outcome.status == "rejected"
    assert str(outcome.kept_as).startswith("s3://council/vawg/quarantine/")
    assert store.get(str(outcome.kept_as)) == extract("many").encode()
    assert store.lists("vawg/landing/") == []
    answers = home.quarantine / str(outcome.kept_as).split("/")[-2]
    assert '"many"' in (answers / "feedback.txt").read_text(encoding="utf-8")
    assert sorted(raw_files_of(home)) == ["extract.checked.xlsx", "feedback.html", "feedback.txt"]
    assert incidents(home) == []


def test_object_named_alone_is_taken_and_one_elsewhere_stays(home: Home, store: Store) -> None:
    named = store.put("vawg/landing/named.csv", extract())
    store.put("vawg/landing/named.csv.later.csv", extract(90, "2026-02-05"))
    elsewhere = store.put("sent/elsewhere.csv", extract(80, "2026-03-05"))
    assert [one.file_name for one in ingest(home, [named])] == ["named.csv"]
    (outcome,) = ingest(home, [elsewhere])
    assert outcome.status == "accepted"
    assert store.lists("vawg/landing/") == ["vawg/landing/named.csv.later.csv"]
    assert store.get(elsewhere) == extract(80, "2026-03-05").encode()
    with pytest.raises(NotThere, match="Nothing that could be taken in lies at s3://council/vawg/landing/named"):
        ingest(home, [named])


def test_object_can_be_taken_into_a_home_whose_files_land_in_a_folder(store: Store, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    address = store.put("sent/extract.csv", extract())
    (outcome,) = ingest(home, [address])
    assert (home.root / str(outcome.kept_as)).read_bytes() == extract().encode()
    assert store.get(address) == extract().encode()


def test_file_of_this_machine_is_kept_on_s3_too_and_stays(home: Home, store: Store, tmp_path: Path) -> None:
    (tmp_path / "extract.csv").write_text(extract(), encoding="utf-8")
    (outcome,) = ingest(home, [tmp_path / "extract.csv"])
    assert store.get(str(outcome.kept_as)) == extract().encode()
    assert (tmp_path / "extract.csv").exists()


@pytest.mark.parametrize(("before", "after"), [("", LANDING), (LANDING, "")], ids=["to S3", "to a folder"])
def test_what_was_kept_before_landing_moved_can_be_judged_again_and_removed(
    before: str, after: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "shopping.csv").write_text("item,price\nmilk,1\n", encoding="utf-8")
    (first,) = ingest(Home(tmp_path / "home", bucket=before), [tmp_path / "shopping.csv"])
    moved = Home(tmp_path / "home", bucket=after)
    (again,) = replay(moved, [])
    assert [str(one.kept_as).startswith("s3://") for one in (first, again)] == [bool(before), bool(after)]
    assert len(retain(moved, now=datetime(2100, 1, 1)).raw_files) == 2
    assert (store.lists(), raw_files_of(moved)) == ([], [])


def test_only_tables_in_landing_are_taken(home: Home, store: Store) -> None:
    left = ["vawg/landing/", "vawg/landing/sent/", "vawg/landing/notes.docx", "vawg/landing/~$open.xlsx", "vawg/x.csv"]
    for key in left:
        store.put(key, "")
    assert sweep(home) == []
    assert sorted(store.lists()) == sorted(left)


def test_what_is_kept_does_not_land_again_where_landing_is_the_whole_bucket(store: Store, tmp_path: Path) -> None:
    home = Home(tmp_path / "home", bucket="s3://council/")
    store.put("good.csv", extract())
    store.put("bad.csv", extract("many"))
    assert sorted(one.status for one in sweep(home)) == ["accepted", "rejected"]
    assert sorted(key.partition("/")[0] for key in store.lists()) == ["archive", "quarantine"]
    assert sweep(home) == []


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("../../../etc/out.csv", "out.csv"),
        ("/absolute.csv", "absolute.csv"),
        ("a//b/../c.csv", "c.csv"),
        ("a\\..\\..\\way out.csv", "a\\..\\..\\way out.csv"),
        ("right\u202eto left.csv", "right_to left.csv"),
        ("é 📊 %2F+&=?#'\".csv", "é 📊 %2F+&=?#'\".csv"),
        ("é" * 450 + ".csv", "é" * 98 + ".csv"),
        ("feedback.html.csv", "feedback.html.csv"),
    ],
)
def test_any_key_is_taken_and_leads_nowhere_else(key: str, name: str, home: Home, store: Store) -> None:
    store.put(f"vawg/landing/{key}", extract("many"))
    before = set(home.root.parent.rglob("*"))
    (outcome,) = sweep(home)
    assert (outcome.status, outcome.file_name) == ("rejected", name)
    assert store.get(str(outcome.kept_as)) == extract("many").encode()
    assert store.lists("vawg/landing/") == []
    written = set(home.root.parent.rglob("*")) - before
    assert all(path.resolve().is_relative_to(home.root.resolve()) for path in written)
    assert [one.status for one in replay(home, [])] == ["rejected"]


def test_name_of_an_object_is_one_line_without_commands_to_a_terminal() -> None:
    assert S3Object("council", "a/new\nline\x1b[31m\x00\x7f.csv").name == "new_line_[31m__.csv"


def test_object_named_like_a_way_up_is_kept_as_a_file(home: Home, store: Store) -> None:
    (outcome,) = ingest(home, [store.put("vawg/landing/..", extract("many"))])
    assert str(outcome.kept_as).endswith("/_..")
    assert store.lists("vawg/landing/") == []


# Encryption


@pytest.mark.parametrize(("kms_key", "asked_for"), [("", "AES256"), ("a-key-id", "aws:kms")])
def test_what_is_kept_is_encrypted_by_s3(kms_key: str, asked_for: str, home: Home, store: Store) -> None:
    store.put("vawg/landing/extract.csv", extract())
    (outcome,) = sweep(Home(home.root, bucket=LANDING, kms_key=kms_key))
    seen = store.client.head_object(Bucket="council", Key=str(outcome.kept_as).removeprefix("s3://council/"))
    assert seen["ServerSideEncryption"] == asked_for
    assert kms_key in seen.get("SSEKMSKeyId", "")


def test_objects_about_people_are_kept_encrypted_by_us_and_judged_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = with_keys(Home(tmp_path / "home", bucket=LANDING))
    sent = people.write(tmp_path / "people_r2.csv", ["Robin Canary"]).read_bytes()
    store.put("vawg/landing/people_r2.csv", sent)
    (rejected,) = sweep(Home(home.root, bucket=LANDING))  # its source is not declared yet
    assert rejected.status == "rejected"
    kept = store.get(str(rejected.kept_as))
    assert kept.startswith(MARK)
    assert b"Canary" not in kept
    declare(monkeypatch)
    (accepted,) = replay(Home(home.root, bucket=LANDING), [])
    assert (accepted.status, accepted.file_name, accepted.counts.loaded) == ("accepted", "people_r2.csv", 1)
    assert "/archive/referrals_for_tests/" in str(accepted.kept_as)
    assert all(store.get(f"s3://council/{key}").startswith(MARK) for key in store.lists())
    assert sorted(raw_files_of(home)) == ["feedback.html", "feedback.txt"]


def test_objects_kept_in_clear_become_encrypted_once_there_is_a_key(
    home: Home, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    store.keep_versions()
    with_keys(home, "HESTIA")
    sent = people.write(tmp_path / "people.csv", ["Robin Canary"]).read_bytes()
    store.put("vawg/landing/people.csv", sent)
    (outcome,) = sweep(Home(home.root, bucket=LANDING))
    assert store.get(str(outcome.kept_as)) == sent
    with_keys(home, STORAGE)
    keyed = Home(home.root, bucket=LANDING)
    assert encrypt(keyed).raw_files == (str(outcome.kept_as),)
    assert store.lists() == [f"{outcome.kept_as}.encrypted".removeprefix("s3://council/")]
    assert store.get(f"{outcome.kept_as}.encrypted").startswith(MARK)
    assert encrypt(keyed).raw_files == ()
    assert [kept_as for *_, kept_as in audited(keyed)] == [f"{outcome.kept_as}.encrypted"]


def test_no_version_is_left_of_what_the_storage_key_before_encrypted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    store.keep_versions()
    home = with_keys(Home(tmp_path / "home", bucket=LANDING))
    store.put("vawg/landing/people.csv", people.write(tmp_path / "people.csv", ["Robin Canary"]).read_bytes())
    (outcome,) = sweep(Home(home.root, bucket=LANDING))
    before = store.get(str(outcome.kept_as))
    renew_storage_key(home.key_file)
    assert encrypt(Home(home.root, bucket=LANDING)).raw_files == (outcome.kept_as,)
    assert store.lists() == [str(outcome.kept_as).removeprefix("s3://council/")]
    assert store.get(str(outcome.kept_as)).startswith(MARK)
    assert store.get(str(outcome.kept_as)) != before


# Versions


def test_every_version_is_taken_the_oldest_first_and_none_is_left(home: Home, store: Store) -> None:
    store.keep_versions()
    for count, day in ((100, "05"), (90, "06"), (80, "07")):
        store.put("vawg/landing/extract.csv", extract(count, f"2026-01-{day}"))
    outcomes = sweep(home)
    assert [one.status for one in outcomes] == ["accepted"] * 3
    assert [store.get(str(one.kept_as)).decode() for one in outcomes] == [
        extract(count, f"2026-01-{day}") for count, day in ((100, "05"), (90, "06"), (80, "07"))
    ]
    assert store.lists("vawg/landing/") == []
    assert incidents(home) == [960]


def test_object_that_its_sender_deleted_is_not_taken(home: Home, store: Store) -> None:
    store.keep_versions()
    store.put("vawg/landing/extract.csv", extract())
    store.client.delete_object(Bucket="council", Key="vawg/landing/extract.csv")
    assert sweep(home) == []
    assert store.lists("vawg/landing/") == ["vawg/landing/extract.csv"]


def test_version_that_comes_while_an_earlier_one_is_taken_waits_for_the_next_run(home: Home, store: Store) -> None:
    store.keep_versions()
    store.put("vawg/landing/extract.csv", extract())
    put_another = meanwhile(lambda: store.put("vawg/landing/extract.csv", extract(90, "2026-02-05")))
    store.network.on("PUT", "/archive/", put_another)
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert store.get("s3://council/vawg/landing/extract.csv") == extract(90, "2026-02-05").encode()
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert store.lists("vawg/landing/") == []
    assert incidents(home) == [1080]


def test_object_from_before_its_bucket_kept_versions_is_removed_for_good(home: Home, store: Store) -> None:
    store.put("vawg/landing/extract.csv", extract())
    store.keep_versions()
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert store.lists("vawg/landing/") == []


# What changes meanwhile


def test_object_replaced_between_listing_and_fetch_waits_for_the_next_run(home: Home, store: Store) -> None:
    store.put("vawg/landing/extract.csv", extract())
    replace = meanwhile(lambda: store.put("vawg/landing/extract.csv", extract(90)))
    store.network.on("GET", "extract.csv", replace)
    (outcome,) = sweep(home)
    assert (outcome.status, audited(home)) == ("waiting", [])
    assert outcome.message.endswith("was replaced since it was seen; the next run takes it.")
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert incidents(home) == [1080]


@pytest.mark.parametrize("method", ["HEAD", "DELETE"])
def test_object_replaced_after_it_was_recorded_stays_and_is_taken_by_the_next_run(
    method: str, home: Home, store: Store
) -> None:
    store.put("vawg/landing/extract.csv", extract())
    replace = meanwhile(lambda: store.put("vawg/landing/extract.csv", extract(90, "2026-02-05")))
    store.network.on(method, "extract.csv", replace)
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert store.lists("vawg/landing/") == []
    assert incidents(home) == [1080]


def test_object_that_another_process_took_meanwhile_is_gone(home: Home, store: Store) -> None:
    for name in "ab":
        store.put(f"vawg/landing/{name}.csv", extract())
    store.network.on(
        "GET",
        "/a.csv",
        meanwhile(lambda: store.client.delete_object(Bucket="council", Key="vawg/landing/a.csv")),
    )
    gone, taken = sweep(home)
    assert (gone.status, taken.status) == ("gone", "accepted")


# What fails


@pytest.mark.parametrize("trouble", [cut, garble])
def test_download_that_breaks_off_or_is_garbled_is_not_loaded_and_the_next_run_takes_it(
    trouble: Trouble, home: Home, store: Store
) -> None:
    store.put("vawg/landing/extract.csv", extract())
    store.network.on("GET", "extract.csv", trouble)
    (outcome,) = sweep(home)
    assert (outcome.status, audited(home), raw_files_of(home)) == ("failed", [], [])
    assert "could not be reached, or came broken" in outcome.message
    assert [one.status for one in sweep(home)] == ["accepted"]


def test_busy_store_is_asked_again(home: Home, store: Store) -> None:
    store.put("vawg/landing/extract.csv", extract())
    slow = refusing("503 Service Unavailable", "SlowDown")
    for method in ("GET", "PUT", "HEAD", "DELETE"):
        store.network.on(method, "council", slow, times=2)
    assert [one.status for one in sweep(home)] == ["accepted"]
    assert store.lists("vawg/landing/") == []


def test_store_that_stays_busy_fails_and_says_so(home: Home, store: Store) -> None:
    store.put("vawg/landing/extract.csv", extract())
    store.network.on("PUT", "/archive/", refusing("503 Service Unavailable", "SlowDown"), times=100)
    (outcome,) = sweep(home)
    assert (outcome.status, audited(home)) == ("failed", [])
    assert "S3 is overloaded, and answered SlowDown 5 times. Try again later." in outcome.message
    assert store.lists() == ["vawg/landing/extract.csv"]


@pytest.mark.parametrize(
    ("method", "part", "right"),
    [("GET", "/a.csv", "s3:GetObject, s3:GetObjectVersion"), ("PUT", "/archive/", "s3:PutObject")],
)
def test_right_that_is_missing_for_one_object_is_named_and_the_others_go_through(
    method: str, part: str, right: str, home: Home, store: Store
) -> None:
    store.put("vawg/landing/a.csv", extract())
    store.put("vawg/landing/b.csv", extract(90, "2026-02-05"))
    store.network.on(method, part, refusing("403 Forbidden", "AccessDenied"))
    refused, taken = sweep(home)
    assert (refused.status, taken.status) == ("failed", "accepted")
    assert f"Give this program the right to it: {right}" in refused.message
    assert store.lists("vawg/landing/") == ["vawg/landing/a.csv"]


def test_object_that_may_not_be_removed_is_taken_once(home: Home, store: Store) -> None:
    store.put("vawg/landing/a.csv", extract())
    store.network.on("DELETE", "/a.csv", refusing("403 Forbidden", "AccessDenied"))
    (outcome,) = sweep(home)
    assert outcome.status == "accepted"
    assert "could not be taken out of landing, which the next run tries again" in outcome.message
    assert "s3:DeleteObject and s3:DeleteObjectVersion." in outcome.message
    assert [one.status for one in sweep(home)] == ["unchanged"]
    assert store.lists("vawg/landing/") == []
    assert incidents(home) == [1200]


def test_store_that_cannot_be_used_is_said_with_what_to_do(
    home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.landing.s3 import s3

    def refused(match: str, kind: type[Exception] = BucketShut, bucket: str = LANDING) -> None:
        s3.cache_clear()
        with pytest.raises(kind, match=match):
            sweep(Home(home.root, bucket=bucket))

    refused("There is no such bucket. Make it, or mend VAWG_LANDING.", bucket="s3://nowhere-at-all/")
    store.network.on("GET", "/council", refusing("403 Forbidden", "AccessDenied"))
    refused(r"Give this program the right to it: s3:ListBucketVersions on the bucket\.")
    store.network.on("GET", "/council", refusing("400 Bad Request", "AuthorizationHeaderMalformed"), times=9)
    refused("lies in another region. Set AWS_DEFAULT_REGION to its region.")
    store.network.troubles.clear()
    store.network.on("GET", "/council", refusing("400 Bad Request", "ExpiredToken"))
    refused("credentials are past their time. Log in again")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    refused("Look at the network and AWS_ENDPOINT_URL", ConnectionError)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "no url")
    refused("Look at AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    refused("The config profile \\(nobody\\) could not be found. Look at the AWS settings of this machine.")
    monkeypatch.delenv("AWS_PROFILE")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.environment["AWS_ENDPOINT_URL"])
    refused("There are no AWS credentials for s3://council/vawg/landing/. Set AWS_ACCESS_KEY_ID")


# What a process that is killed leaves behind


def take_in(root: Path, environment: dict[str, str]) -> None:
    """Take in what has landed; in a process of its own."""
    os.environ.update(environment)
    sweep(Home(root, bucket=LANDING))


def test_process_killed_before_or_after_any_request_leaves_what_the_next_run_makes_good(
    store: Store, warm: ForkServerContext, tmp_path: Path
) -> None:
    store.put("vawg/landing/extract.csv", extract())
    sweep(Home(tmp_path / "whole", bucket=LANDING))
    requests = [one.partition(" ")[0] for one in store.network.asked]
    assert requests == ["GET", "GET", "PUT", "HEAD", "DELETE"]
    for number, done in product(range(len(requests)), (False, True)):
        store.clear()
        store.put("vawg/landing/extract.csv", extract())
        home = Home(tmp_path / f"{number} {done}", bucket=LANDING)
        process = warm.Process(target=take_in, args=(home.root, store.environment))
        process.start()
        assert process.pid is not None
        store.network.on("ANY", "/council", killing(process.pid, number, done=done), times=number + 1)
        process.join()
        assert process.exitcode == -signal.SIGKILL
        sweep(home)
        accepted = [kept_as for _, status, kept_as in audited(home) if status == "accepted"]
        assert [f"s3://council/{key}" for key in store.lists()] == accepted, (requests[number], done)
        assert len(accepted) == 1
        assert store.get(accepted[0]) == extract().encode()
        assert raw_files_of(home) == []
        with home.open() as connection:
            assert connection.execute("SELECT count(*) FROM fact_offences").fetchone() == (12,)


# Retention


@pytest.mark.parametrize("versions", [False, True], ids=["plain", "versions"])
def test_objects_past_their_time_are_removed_in_every_version(versions: bool, home: Home, store: Store) -> None:
    if versions:
        store.keep_versions()
    for count, day in (("many", "05"), (100, "06"), (90, "07")):
        store.put("vawg/landing/extract.csv", extract(count, f"2026-01-{day}"))
        sweep(home)
    if versions:  # as an earlier run that was killed would have left it
        (_, _, kept_as), *_ = audited(home)
        store.put(kept_as.removeprefix("s3://council/"), "again")
    last = audited(home)[-1][2]
    removed = retain(home, now=datetime(2100, 1, 1))
    assert len(removed.raw_files) == 2
    assert store.lists() == [last.removeprefix("s3://council/")]
    assert list(home.quarantine.iterdir()) == []
    assert replay(home, []) == []
