"""deploy/compose.yaml is well formed and hardened, and runs what the code has to run."""

import ast
import importlib.util
import json
from pathlib import Path

import jsonschema
import pytest

from services.command import app
from tests.project.deployment import DEPLOY, ROOT, SERVICES, STACK

RUN = ("intake", "workflow", "notify", "reporting")

JOBS = {"temporal-schema", "temporal-namespace", "search-attributes", "migrate"}


def test_compose_follows_the_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose_spec" / "compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(STACK)] == []
    planted = {**STACK, "services": {"intake": {"read_onyl": True}}}
    assert not validator.is_valid(planted)


def test_every_network_and_volume_that_is_used_is_there_and_the_other_way_round() -> None:
    for kind in ("networks", "volumes"):
        used: set[str] = set()
        for service in SERVICES.values():
            for entry in service.get(kind, []):
                name = entry["source"] if isinstance(entry, dict) else entry.partition(":")[0]
                used |= set() if name.startswith((".", "/")) else {name}
        assert used == set(STACK[kind])


def test_every_file_that_is_mounted_is_there() -> None:
    for name, service in SERVICES.items():
        for entry in service.get("volumes", []):
            source = entry["source"] if isinstance(entry, dict) else entry.partition(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), f"{name}: {source}"


def test_what_a_service_waits_for_can_come_true() -> None:
    for name, service in SERVICES.items():
        for other, wait in service.get("depends_on", {}).items():
            ends = wait["condition"] == "service_completed_successfully"
            assert ends == (other in JOBS), f"{name} waits for {other}"
            assert ends or "test" in SERVICES[other]["healthcheck"], f"{other} has no health check"


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_can_write_nowhere_and_do_nothing_extra(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]  # noqa: S108 — the containers' own
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys()
    assert service["restart"] == ("on-failure:20" if name in JOBS else "unless-stopped")


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_of_a_named_version_and_none_sets_itself_up(name: str) -> None:
    image = SERVICES[name]["image"]
    _, _, version = image.rpartition(":")
    assert version[:1].isdigit() or version[:2] == "v1", image
    assert "auto-setup" not in image


def test_everything_published_is_published_on_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_databases_are_reached_by_their_own_only() -> None:
    for network, database in (
        ("temporal-data", "temporal-database"),
        ("service-data", "service-databases"),
    ):
        assert STACK["networks"][network] == {"internal": True}
        assert SERVICES[database]["networks"] == [network]
        assert "ports" not in SERVICES[database]


def test_the_image_runs_as_nobody_in_particular_from_pinned_packages() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8")
    stages = [line for line in lines.splitlines() if line.startswith("FROM ")]
    last = lines.rpartition("\nFROM ")[2]
    assert len(stages) == 2
    assert "--require-hashes -r requirements.lock" in lines
    assert "USER 10001:10001" in last
    assert "COPY --from=build" in last
    assert "HEALTHCHECK" in last
    assert "/livez" in last
    copied = {
        word for line in lines.splitlines() if line.startswith("COPY ") for word in line.split()
    }
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for path in ("requirements.lock", "pyproject.toml", "README.md", "LICENSE", "services"):
        assert path in copied
        assert f"!{path}" in allowed
        assert (ROOT / path).exists()


@pytest.mark.parametrize("name", RUN)
def test_every_service_has_a_container_that_runs_it(name: str) -> None:
    assert SERVICES[name]["command"] == ["python", "-m", f"services.{name}"]
    assert importlib.util.find_spec(f"services.{name}.__main__") is not None


def test_no_container_runs_a_service_that_does_not_exist() -> None:
    found = {path.parent.name for path in (ROOT / "services").glob("*/__main__.py")}
    assert found == set(RUN)


def test_every_command_of_putright_that_is_run_exists() -> None:
    known = {
        command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")
        for command in app.registered_commands
    }
    run = {s["command"][1] for s in SERVICES.values() if s.get("command", [""])[0] == "putright"}
    assert run == {"migrate", "register-search-attributes"}
    assert run <= known


def test_every_task_queue_is_polled_by_the_worker_of_its_service() -> None:
    queues = {}
    for contract in (ROOT / "services").glob("*/contract.py"):
        for node in ast.parse(contract.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TASK_QUEUE":
                queues[contract.parent.name] = ast.literal_eval(node.value)
    assert queues == {name: name for name in ("workflow", "notify", "reporting")}
    for service in queues:
        worker = (ROOT / "services" / service / "worker.py").read_text("utf-8")
        main = (ROOT / "services" / service / "__main__.py").read_text("utf-8")
        assert f"from services.{service}.contract import" in worker
        assert "task_queue=TASK_QUEUE" in worker
        assert "build_worker(" in main
        assert service in SERVICES
