"""`putright notice preview`: a sample of each notice, without a server, in a policy's words."""

from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner, Result

from services.command import app
from services.notify.contents import Content
from services.notify.preview import KINDS
from services.workflow import policies
from tests.notify.reading import Words

POLICIES = sorted(policies.published())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["notice", "preview", *arguments])


def shown(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_kind_of_notice_has_a_sample_and_is_listed() -> None:
    kinds = {
        about
        for model in get_args(get_args(Content)[0])
        for about in get_args(model.model_fields["about"].annotation)
    }
    assert set(KINDS) == kinds
    assert shown("--list").split() == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_shown_with_its_subject_and_its_reader_by_name(kind: str) -> None:
    text = shown(kind)
    assert text.startswith("Subject: ")
    assert "\nHello " in text or "\nDear Jo Bloggs," in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("moved-on", "at Stage 1, and we are sorry for that. So it has gone on to Stage 2."),
        ("to-assign", "has moved on from Stage 1 to Stage 2"),
        ("decline", "look at your complaint again, at Stage 2."),
        ("hearing", "Stage: Review Panel"),
        ("panel-hearing", "Complaint PR-7K2M-9QXT, Review Panel, Elmfield Homes"),
    ],
)
def test_a_sample_without_a_policy_belongs_to_a_stage_that_has_such_notices(
    kind: str, said: str
) -> None:
    assert said in shown(kind)


def test_a_text_message_is_shown_where_the_kind_has_one() -> None:
    assert "As a text message:\nElmfield Homes: " in shown("window-reminder")
    assert "As a text message" not in shown("receipt")


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_gives_landlord_stage_bodies_and_what_it_asks_for(policy: str) -> None:
    [*_, rules] = policies.published()[policy]
    text = " ".join(shown("response", "--policy", policy).split())
    assert f"Landlord: {rules.landlord}" in text
    assert f"Stage: {rules.stages[0].title}" in text
    named = rules.signposts_for(service=None, stage=rules.stages[0].name, notice="response")
    for signpost in named:
        assert signpost.when in text
    following = next(stage for stage in rules.stages[1:] if stage.can_be_asked_for)
    assert f"That is called {following.title}." in text
    assert "Elmfield" not in text
    for kind in ("window-reminder", "decline", "moved-on", "directed"):
        assert "None" not in shown(kind, "--policy", policy)


def test_a_policys_own_reasons_stages_and_procedures_stand_in_its_letters() -> None:
    [*_, nottingham] = policies.published()["nottingham"]
    assert nottingham.exclusions[0].wording in shown("refusal", "--policy", "nottingham")
    [request] = [stage.request for stage in nottingham.stages if stage.request]
    assert request.declines[0].wording in shown("decline", "--policy", "nottingham")
    [*_, panel] = policies.published()["review-panel"]
    hearing = next(stage for stage in panel.stages if stage.hearing)
    assert f"Stage: {hearing.title}" in shown("hearing", "--policy", "review-panel")
    assert f"at {panel.stages[0].title}" in shown("moved-on", "--policy", "review-panel")


def test_the_mail_and_the_letter_on_paper_are_written_to_files(tmp_path: Path) -> None:
    page, paper = tmp_path / "response.html", tmp_path / "response.pdf"
    text = shown("response", "--html", str(page), "--pdf", str(paper))
    assert text == ""
    assert "Our answer to each point" in Words(page.read_text("utf-8")).text
    assert paper.read_bytes().startswith(b"%PDF-")
    again = shown("response", "--html", str(page), "--text")
    assert again.startswith("Subject: ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], "unknown-kind"),
        (["digest", "--pdf", "digest.pdf"], "not-on-paper"),
        (["receipt", "--policy", "nobody"], "unknown-policy"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_reason(arguments: list[str], code: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{code}: ")
    if code == "unknown-kind":
        assert all(kind in result.stderr for kind in KINDS)


def test_without_a_kind_it_says_what_is_missing() -> None:
    result = run()
    assert result.exit_code == 2
    assert "say which kind, or --list" in result.stderr
