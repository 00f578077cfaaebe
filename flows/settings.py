"""Settings: from the environment, `.env` or `vawg.toml`, typed and validated at start."""

import os
import re
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from expectations.areas import METROPOLITAN_BOROUGHS
from flows.keys import PREFIX


class SettingsError(Exception):
    """Something is wrong with the settings; says everything at once."""


class Settings(BaseSettings):
    """What can be set, each as `VAWG_<NAME>` in the environment or `.env`, or `<name>` in `vawg.toml`.

    Attributes:
        home: the folder with all state; made where it is not there.
        area: the GSS code of the borough whose figures are shown.
        contact: who answers providers' questions, such as an e-mail address; stands on templates and feedback.
        corrections: the file with the corrections of providers' data; `corrections.toml` in the home.
        keys: the file with the keys, where they are not in the environment; `keys.toml` in the home.
        landing: where files land on S3, as `s3://bucket/prefix/`; without it, in the folder `landing` of the home.
        kms_key: the id of the key of AWS KMS by which S3 encrypts what is kept there; a key of S3's own.
        queue: the URL of the SQS queue that S3 tells of what has landed.
        poll: look at the landing folder again and again, for a network share, which tells nothing of itself.
        real: a folder with real files, for `vawg demo` to run on instead of synthetic ones.
        notify: how late returns and rejected files are told of: `print`, `email` or `webhook`.
        notify_to: who gets the e-mail; several with commas between them.
        notify_from: whom it is from.
        notify_smtp: the mail server, as host:port.
        notify_smtp_user: the user to log in there, if one is needed.
        notify_smtp_password: that user's password; best in the environment alone.
        notify_webhook: the address that a chat gave out for messages; whoever has it can write there.
    """

    model_config = SettingsConfigDict(
        validate_default=True,
        env_prefix="VAWG_",
        env_file=".env",
        env_ignore_empty=True,
        toml_file="vawg.toml",
        extra="ignore",
    )

    home: Path = Path("vawg-home")
    area: str = "E09000003"
    contact: str = ""
    corrections: Path | None = None
    keys: Path | None = None
    landing: str = ""
    kms_key: str = ""
    queue: str = ""
    poll: bool = False
    real: Path | None = None
    notify: Literal["print", "email", "webhook"] = "print"
    notify_to: str = ""
    notify_from: str = ""
    notify_smtp: str = ""
    notify_smtp_user: str = ""
    notify_smtp_password: SecretStr = SecretStr("")
    notify_webhook: SecretStr = SecretStr("")

    @field_validator("notify_to", "notify_from")
    @classmethod
    def _addresses_are_given_for_email(cls, addresses: str, info: ValidationInfo) -> str:
        given = [one.strip() for one in addresses.split(",") if one.strip()]
        if info.data.get("notify") == "email" and not given:
            raise ValueError("VAWG_NOTIFY is email, which needs an address here, such as vawg@council.example")
        if wrong := [one for one in given if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", one)]:
            raise ValueError(f"{', '.join(wrong)}: write e-mail addresses alone, with commas between them")
        if info.field_name == "notify_from" and len(given) > 1:
            raise ValueError("write one address")
        return ", ".join(given)

    @field_validator("notify_smtp")
    @classmethod
    def _mail_server_is_given_for_email(cls, server: str, info: ValidationInfo) -> str:
        if (server or info.data.get("notify") == "email") and not re.fullmatch(r"[\w.-]+:\d{1,5}", server):
            raise ValueError("the mail server is written as host:port, such as mail.council.example:587")
        return server

    @field_validator("notify_webhook")
    @classmethod
    def _webhook_is_given_for_webhook(cls, webhook: SecretStr, info: ValidationInfo) -> SecretStr:
        url = webhook.get_secret_value()
        is_safe = re.match(r"https://[^/\s]+|http://(localhost|127\.0\.0\.1)[:/]", url)
        if (url or info.data.get("notify") == "webhook") and not is_safe:
            raise ValueError("the address to post to begins with https:// (http:// only on this machine)")
        return webhook

    @field_validator("area")
    @classmethod
    def _area_is_a_borough(cls, area: str) -> str:
        if area not in METROPOLITAN_BOROUGHS:
            raise ValueError(f"{area!r} is not the GSS code of a Metropolitan Police borough, such as E09000003")
        return area

    @field_validator("landing")
    @classmethod
    def _landing_is_on_s3(cls, landing: str) -> str:
        if not landing:
            return landing
        if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?", landing):
            raise ValueError(
                f"{landing!r} is not written as s3://bucket/prefix/; the only folder is `landing` in the home, unset"
            )
        if landing.rstrip("/").endswith(("/archive", "/quarantine")):
            raise ValueError(f"{landing} is where files would be kept that were taken in. Name another prefix")
        return landing if landing.endswith("/") else f"{landing}/"

    @field_validator("real")
    @classmethod
    def _real_is_a_folder(cls, real: Path | None) -> Path | None:
        if real is not None and not real.is_dir():
            raise ValueError(f"{real} is not a folder")
        return real

    @field_validator("home")
    @classmethod
    def _home_is_no_file(cls, home: Path) -> Path:
        if home.exists() and not home.is_dir():
            raise ValueError(f"{home} is a file, not a folder")
        return home.expanduser().absolute()

    @field_validator("keys", "corrections")
    @classmethod
    def _files_are_absolute(cls, file: Path | None) -> Path | None:
        return file.expanduser().absolute() if file else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over `.env`, and that over the file."""
        given = (init_settings, env_settings, dotenv_settings)
        return *given, TomlConfigSettingsSource(settings_cls), file_secret_settings


def load_settings(**given: object) -> Settings:
    """Return the settings.

    Args:
        **given: values that win over everything else.

    Raises:
        SettingsError: listing everything that is wrong.
    """
    wrong = [
        f"{name}: there is no such setting"
        for name in sorted(os.environ)
        if name.startswith("VAWG_")
        and not name.startswith(PREFIX)
        and name.removeprefix("VAWG_").lower() not in Settings.model_fields
    ]
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong += [
            f"VAWG_{'_'.join(map(str, one['loc'])).upper()}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        ]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong.append(f"vawg.toml or .env cannot be read: {error}")
    if wrong:
        raise SettingsError("The settings are wrong:\n" + "\n".join(f"  - {one}" for one in wrong))
    return settings
