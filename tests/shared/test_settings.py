"""Settings: production starts on no example secret, and no error shows a secret."""

import pytest
from pydantic import SecretStr, ValidationError

from services.shared.settings import EXAMPLE_SECRET, Settings

SECRET = "k1:c2VjcmV0LWtleS10ZXh0"  # noqa: S105 — of this test only


class WithSecret(Settings):
    """Settings of a service with a secret of its own."""

    link_secret: SecretStr = SecretStr(EXAMPLE_SECRET)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT", "PAYLOAD_KEYS", "STAFF_KEY_HASH", "LINK_SECRET"):
        monkeypatch.delenv(f"PUTRIGHT_{name}", raising=False)


@pytest.mark.parametrize("left_out", ["payload_keys", "staff_key_hash", "link_secret"])
@pytest.mark.parametrize("unset", [None, EXAMPLE_SECRET, ""])
def test_production_refuses_each_secret_that_is_unset_or_an_example(
    left_out: str, unset: str | None
) -> None:
    secrets = dict.fromkeys(("payload_keys", "staff_key_hash", "link_secret"), SECRET)
    del secrets[left_out]
    if unset is not None:
        secrets[left_out] = unset
    with pytest.raises(ValidationError, match=f"PUTRIGHT_{left_out.upper()} is not set") as refused:
        WithSecret.model_validate(secrets)
    assert SECRET not in str(refused.value)
    assert "c2VjcmV0" not in str(refused.value)


def test_production_refuses_an_example_inside_an_address() -> None:
    class WithDatabase(Settings):
        """Settings of a service with a database."""

        parish_database_url: str

    own = {"payload_keys": SECRET, "staff_key_hash": SECRET}
    url = f"postgresql+psycopg://parish:{EXAMPLE_SECRET}@database/parish"
    with pytest.raises(ValidationError, match="PUTRIGHT_PARISH_DATABASE_URL is not set"):
        WithDatabase.model_validate({**own, "parish_database_url": url})


def test_production_starts_on_secrets_of_its_own() -> None:
    settings = WithSecret.model_validate(
        dict.fromkeys(("payload_keys", "staff_key_hash", "link_secret"), SECRET)
    )
    assert settings.environment == "production"
    assert SECRET not in repr(settings.payload_keys)


def test_the_embedded_default_starts_on_examples() -> None:
    assert WithSecret(environment="embedded").link_secret.get_secret_value() == EXAMPLE_SECRET


def test_an_environment_nobody_named_is_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUTRIGHT_PAYLOAD_KEYS", SECRET)
    with pytest.raises(ValidationError, match="PUTRIGHT_STAFF_KEY_HASH"):
        Settings()


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUTRIGHT_ENVIRONMENT", "embedded")
    monkeypatch.setenv("PUTRIGHT_TEMPORAL_ADDRESS", "temporal:7233")
    assert Settings().temporal_address == "temporal:7233"
