"""Settings, ports and addresses: the code, deploy/compose.yaml and deploy/env.example agree."""

import os

import pytest
from pydantic import SecretStr, ValidationError

from services.intake.settings import IntakeSettings
from services.notify.settings import NotifySettings
from services.reporting.settings import ReportingSettings
from services.shared.settings import EXAMPLE_SECRET, Settings
from services.workflow.settings import WorkflowSettings
from tests.project.deployment import (
    EXAMPLE,
    SERVICES,
    Missing,
    asked_for,
    compose,
    example,
    interpolate,
)

SETTINGS: dict[str, type[Settings]] = {
    "intake": IntakeSettings,
    "workflow": WorkflowSettings,
    "notify": NotifySettings,
    "reporting": ReportingSettings,
}


def variables(*kinds: type[Settings]) -> set[str]:
    return {f"PUTRIGHT_{name.upper()}" for kind in kinds for name in kind.model_fields}


def told(service: str) -> set[str]:
    return {name for name in SERVICES[service]["environment"] if name.startswith("PUTRIGHT_")}


def test_every_setting_in_code_is_in_the_example_and_the_other_way_round() -> None:
    explained = {name for name in EXAMPLE if name.startswith("PUTRIGHT_")}
    assert explained - {"PUTRIGHT_IMAGE"} == variables(*SETTINGS.values())


def test_every_variable_of_compose_is_in_the_example_and_the_other_way_round() -> None:
    inside = {"COMPOSE_PROFILES"}  # Compose reads it itself
    assert asked_for() == set(EXAMPLE) - inside


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_is_told_its_own_settings_and_no_other_secret(name: str) -> None:
    assert told(name) == variables(SETTINGS[name])


def test_the_jobs_are_told_what_they_need() -> None:
    assert told("search-attributes") == variables(Settings)
    assert told("migrate") == variables(IntakeSettings, NotifySettings, ReportingSettings)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_example_starts_once_its_secrets_are_replaced_and_not_before(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [name for name in os.environ if name.startswith("PUTRIGHT_")]:
        monkeypatch.delenv(variable)
    for variable, value in SERVICES[name]["environment"].items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError, match="production needs its own"):
        SETTINGS[name]()
    replaced = compose(example(secrets="a-secret"))["services"][name]["environment"]
    for variable, value in replaced.items():
        monkeypatch.setenv(variable, value)
    settings = SETTINGS[name]()
    assert settings.environment == "production"
    assert EXAMPLE_SECRET not in settings.payload_keys.get_secret_value()


def test_every_secret_in_code_is_one_that_the_example_asks_to_change() -> None:
    for kind in SETTINGS.values():
        for name, field in kind.model_fields.items():
            default = field.default
            plain = default.get_secret_value() if isinstance(default, SecretStr) else default
            if plain == EXAMPLE_SECRET:
                assert EXAMPLE[f"PUTRIGHT_{name.upper()}"] == EXAMPLE_SECRET


@pytest.mark.parametrize(
    "name", sorted(name for name in EXAMPLE if EXAMPLE[name] == EXAMPLE_SECRET)
)
def test_an_empty_secret_starts_nothing(name: str) -> None:
    with pytest.raises(Missing, match=name):
        compose({**EXAMPLE, name: ""})


@pytest.mark.parametrize("name", SETTINGS)
def test_ports_agree(name: str) -> None:
    port = SERVICES[name]["environment"][f"PUTRIGHT_{name.upper()}_PORT"]
    assert int(port) == SETTINGS[name].model_fields[f"{name}_port"].default
    assert SERVICES[name]["environment"]["HEALTH_PORT"] == port
    assert SERVICES[name]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert SERVICES[name]["environment"][f"PUTRIGHT_{name.upper()}_HOST"] == "0.0.0.0"  # noqa: S104 — inside its container


def test_addresses_agree() -> None:
    ui = SERVICES["temporal-ui"]
    (published,) = ui["ports"]
    host, port, inside = published.split(":")
    assert EXAMPLE["PUTRIGHT_UI_ORIGIN"] == f"http://{host}:{port}"
    assert ui["environment"]["TEMPORAL_UI_PORT"] == inside
    assert ui["environment"]["TEMPORAL_CORS_ORIGINS"] == EXAMPLE["PUTRIGHT_UI_ORIGIN"]
    codec = f"http://127.0.0.1:{EXAMPLE['PUTRIGHT_WORKFLOW_PORT']}/codec"
    assert ui["environment"]["TEMPORAL_CODEC_ENDPOINT"] == codec
    assert EXAMPLE["PUTRIGHT_PUBLIC_URL"] == f"http://127.0.0.1:{EXAMPLE['PUTRIGHT_INTAKE_PORT']}"
    assert EXAMPLE["PUTRIGHT_TEMPORAL_ADDRESS"] == "temporal:7233"
    assert EXAMPLE["PUTRIGHT_SMTP_HOST"] in SERVICES
    for name in ("intake", "notify", "reporting"):
        url = EXAMPLE[f"PUTRIGHT_{name.upper()}_DATABASE_URL"]
        assert url == f"postgresql+psycopg://{name}:change-me@service-databases:5432/{name}"


def test_a_service_reaches_what_it_is_told_to_reach() -> None:
    for name in SETTINGS:
        mine = set(SERVICES[name]["networks"])
        assert mine & set(SERVICES["temporal"]["networks"])
        if f"PUTRIGHT_{name.upper()}_DATABASE_URL" in told(name):
            assert mine & set(SERVICES["service-databases"]["networks"])
    assert set(SERVICES["notify"]["networks"]) & set(SERVICES["mailpit"]["networks"])


def test_interpolation_is_read_as_compose_does() -> None:
    assert interpolate("$$A ${B} ${C:?why}", {"B": "", "C": "c"}) == "$A  c"
    for text in ("${A}", "${B:?why}"):
        with pytest.raises(Missing):
            interpolate(text, {"B": ""})
