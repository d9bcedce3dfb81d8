"""Which programs the embedded default consists of, and what each of them is told."""

import hmac
import os
import sys
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType

from services.embedded.keys import Keys
from services.embedded.settings import EmbeddedSettings
from services.shared.keys import key_hash
from services.shared.readiness import Ready, answers, every, listens
from services.shared.supervisor import Child
from services.workflow import search_attributes

SERVICES = ("workflow", "notify", "reporting", "intake")

WITH_DATABASE = ("notify", "reporting", "intake")

QUIET_CATCHER = """
import logging
logging.disable(logging.INFO)
from mail_devel.__main__ import main
main()
"""
"""Its informative log lines name sender and recipient, and people never stand in a log."""


CATCHER_USER = "everybody@example.org"
"""Whose mailbox the catcher's one mailbox is."""

CATCHER_POLL_SECONDS = "3"
"""Whoever tries a mail out waits for it."""


def catcher_password(keys: Keys) -> str:
    """Returns the password of the catcher's mailbox: the same at every start."""
    return hmac.digest(keys.link_secret.encode(), b"mail-catcher", "sha256").hex()


def histories(settings: EmbeddedSettings) -> Path:
    """Returns the Temporal server's database file."""
    return settings.var / "temporal.db"


def environment(settings: EmbeddedSettings, keys: Keys) -> dict[str, str]:
    """Returns the variables that every service is started with.

    Databases can be set from outside, so that PostgreSQL can be tried. Mail cannot: whatever is
    tried out here must never reach a person. What comes in by mail is read from the catcher too,
    where everything that is sent lies in one mailbox.
    """
    told = {
        "ENVIRONMENT": "embedded",
        "TEMPORAL_ADDRESS": f"127.0.0.1:{settings.temporal_port}",
        "TEMPORAL_NAMESPACE": "default",
        "PAYLOAD_KEYS": keys.payload_keys,
        "STAFF_KEY_HASH": key_hash(keys.staff_key),
        "LINK_SECRET": keys.link_secret,
        "CHANNEL_KEY": keys.channel_key,
        "PUBLIC_URL": settings.url(settings.intake_port),
        "UI_ORIGIN": settings.url(settings.temporal_ui_port),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(settings.smtp_port),
        "SMTP_SECURITY": "none",
        "SMTP_USERNAME": "",
        "SMTP_PASSWORD": "",
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": str(settings.imap_port),
        "IMAP_SECURITY": "none",
        "IMAP_USERNAME": CATCHER_USER,
        "IMAP_PASSWORD": catcher_password(keys),
        "IMAP_FOLDER": "INBOX",
        "IMAP_POLL_SECONDS": CATCHER_POLL_SECONDS,
        "DIRECTORY_FILE": str(settings.directory_file),
        "CALENDARS_FOLDER": str(settings.var.resolve() / "calendars"),
    }
    if settings.report_facts_file is not None:
        told["REPORT_FACTS_FILE"] = str(settings.report_facts_file.resolve())
    for service in SERVICES:
        told[f"{service.upper()}_HOST"] = "127.0.0.1"
        told[f"{service.upper()}_PORT"] = str(getattr(settings, f"{service}_port"))
    variables = {f"PUTRIGHT_{name}": value for name, value in told.items()}
    for service in WITH_DATABASE:
        name = f"PUTRIGHT_{service.upper()}_DATABASE_URL"
        file = settings.var.resolve() / f"{service}.db"
        variables[name] = os.environ.get(name, f"sqlite+aiosqlite:///{file}")
    return variables


def children(settings: EmbeddedSettings, keys: Keys, temporal: str) -> tuple[Child, ...]:
    """Returns every program to run; `temporal` is the path of the Temporal command line."""
    told = environment(settings, keys)
    prepare = Child(
        "prepare",
        (sys.executable, "-m", "services.embedded.prepare"),
        ready=None,
        environment=told,
    )
    return (
        _temporal(settings, temporal),
        _mail_catcher(settings, keys),
        prepare,
        *(
            Child(
                service,
                (sys.executable, "-m", f"services.{service}"),
                ready=answers(getattr(settings, f"{service}_port"), "/readyz"),
                environment=told,
                after=("temporal", "mail", "prepare"),
                grace=6.0,
            )
            for service in SERVICES
        ),
    )


def _temporal(settings: EmbeddedSettings, program: str) -> Child:
    flags = {
        "--ip": "127.0.0.1",
        "--port": str(settings.temporal_port),
        "--ui-port": str(settings.temporal_ui_port),
        "--ui-codec-endpoint": settings.url(settings.workflow_port) + "/codec",
        "--db-filename": str(histories(settings)),
        "--log-level": "warn",
    }
    command = [program, "server", "start-dev", *(part for flag in flags.items() for part in flag)]
    for name, kind in search_attributes.TYPES.items():
        kind_name = IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_").capitalize()
        command += ["--search-attribute", f"{name}={kind_name}"]
    return Child(
        "temporal",
        tuple(command),
        ready=_knows_complaints(settings),
        # The server would otherwise ask its makers' site whether it is the newest version.
        environment={"TEMPORAL_VERSION_CHECK_DISABLED": "1"},
        grace=3.0,
    )


def _knows_complaints(settings: EmbeddedSettings) -> Ready:
    """The UI answers for the namespace once the server serves it, its attributes among the rest."""
    return answers(
        settings.temporal_ui_port,
        "/api/v1/namespaces/default",
        holding=tuple(f'"{name}"' for name in search_attributes.TYPES),
    )


def _mail_catcher(settings: EmbeddedSettings, keys: Keys) -> Child:
    flags = {
        "--host": "127.0.0.1",
        "--user": CATCHER_USER,
        "--smtp-port": str(settings.smtp_port),
        "--http-port": str(settings.inbox_port),
        "--imap-port": str(settings.imap_port),
    }
    return Child(
        "mail",
        (sys.executable, "-c", QUIET_CATCHER, *(part for flag in flags.items() for part in flag)),
        ready=every(
            listens(settings.smtp_port),
            listens(settings.imap_port),
            answers(settings.inbox_port, "/"),
        ),
        # For IMAP; its web inbox asks for none.
        environment={"MAIL_PASSWORD": catcher_password(keys)},
        grace=3.0,
    )
