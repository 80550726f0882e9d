"""The command line: bad input first, then what other programs build on."""

import json
import sys
from pathlib import Path

import pytest
import typer

from skillmatch.cli.main import app, main
from skillmatch.planning.plan import read_plan

DEMO = Path(__file__).parents[1] / "data" / "companies" / "hollin-metalwork.xlsx"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run a command as a user would; return its exit status."""
    monkeypatch.setattr(sys, "argv", ["skillmatch", *arguments])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.parametrize(
    "arguments", [["no-such-command"], ["map", "--top", "0", "x"], ["plan"], ["map", "--nonsense"]]
)
def test_wrong_usage_ends_with_2(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    assert run(monkeypatch, *arguments) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["map"], "no text"),
        (["map", "weld", "--input", "x.txt"], "both texts and --input"),
        (["map", "--input", "missing.txt"], "missing.txt"),
        (["gap", "missing.xlsx"], "missing.xlsx"),
        (["taxonomy", "import", "missing.zip"], "missing.zip"),
        (["taxonomy", "use", "nowhere"], "nowhere"),
        (["plan", "missing.xlsx", "--out", "plan.docx", "--out", "plan.txt"], "plan.txt"),
        (["evaluate", "melo", "--data", "missing"], "missing"),
        (["compare", "missing.json", "other.json"], "missing.json"),
        (["compare", "a.json", "b.json", "--out", "changes.csv"], "changes.csv"),
        (["plan", str(DEMO), "--cancelled", "waste-heat-practice-1"], "--cancelled without --keep"),
        (["plan", str(DEMO), "--keep", "missing.json"], "missing.json"),
        (["plan", str(DEMO), "--funding", "missing.toml"], "missing.toml"),
    ],
)
def test_wrong_input_ends_with_1_and_a_message(
    fake_encoder: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    assert run(monkeypatch, *arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("Problem: ")
    assert words in error
    assert "Traceback" not in error
    assert "To mend it:" in error


def test_all_wrong_lines_are_named_at_once(
    fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "lines.jsonl"
    source.write_text('{"text": "weld pipes"}\n{"text": 3}\nplain words\n{broken\n', "utf-8")
    assert run(monkeypatch, "map", "--input", str(source)) == 1
    error = capsys.readouterr().err
    assert "line 2" in error
    assert "line 4" in error
    assert "line 3" not in error


def test_text_that_is_not_utf8_is_named_with_its_line(
    fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "lines.txt"
    source.write_bytes(b"weld\ncaf\xe9\n")
    assert run(monkeypatch, "map", "--input", str(source)) == 1
    assert "line 2: found byte 0xe9" in capsys.readouterr().err


def test_a_fault_of_ours_leaves_no_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("cannot be")

    monkeypatch.setattr("skillmatch.mapping.encoder.load_encoder", fail)
    assert run(monkeypatch, "map", "weld") == 1
    error = capsys.readouterr().err
    assert "Traceback" not in error
    log = Path(error.rsplit(" ", 1)[1].strip())
    assert "RuntimeError: cannot be" in log.read_text("utf-8")
    log.unlink()


@pytest.mark.parametrize(
    ("options", "texts", "expected"),
    [([], 1, "best"), ([], 257, "fast"), (["--setting", "fast"], 1, "fast"), (["--setting", "best"], 257, "best")],
)
def test_many_texts_are_mapped_fast_unless_said_otherwise(
    options: list[str], texts: int, expected: str, fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from skillmatch.mapping.mapper import Mapper

    source, seen = tmp_path / "lines.txt", []
    source.write_text("weld\n" * texts, "utf-8")
    build = Mapper.build.__func__
    monkeypatch.setattr(
        Mapper, "build", classmethod(lambda cls, *a, **k: seen.append(k["setting"]) or build(cls, *a, **k))
    )
    assert run(monkeypatch, "map", "--input", str(source), "--format", "jsonl", *options) == 0
    assert seen == [expected]


def test_map_gives_one_object_a_line(
    fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "lines.txt"
    lines = ["waste management", "", '{"id": "x7", "text": "energy efficiency", "lang": "de"}']
    source.write_text("\n".join(lines) + "\n", "utf-8")
    assert run(monkeypatch, "map", "--input", str(source), "--format", "jsonl") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == [1, 2, "x7"]
    assert all(set(row) == {"id", "text", "matches", "unmatched"} for row in rows)
    assert rows[1]["matches"] == []
    for row in rows:
        for match in row["matches"]:
            assert set(match) == {"uri", "label", "score", "probability", "start", "end"}
            assert 0 <= match["start"] < match["end"] <= len(row["text"])
    assert rows[0]["matches"][0]["label"] == "waste management"
    assert rows[2]["matches"][0]["label"] == "Energieeffizienz"


ADVERTISEMENT = """Welder
We are an equal opportunity employer.
All qualified applicants will receive consideration without regard to race, religion, sex, age or disability.
- waste management
- energy efficiency
"""


def test_a_document_is_one_text_and_says_what_was_left_out(
    fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "advertisement.txt"
    source.write_text(ADVERTISEMENT, "utf-8")
    assert run(monkeypatch, "map", "--document", "--input", str(source), "--format", "jsonl") == 0
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert row["text"] == ADVERTISEMENT
    assert {match["label"] for match in row["matches"]} >= {"waste management", "energy efficiency"}
    assert [each["kind"] for each in row["boilerplate"]] == ["equal", "equal"]
    assert row["text"][row["boilerplate"][0]["start"] :].startswith("We are an equal")
    assert run(monkeypatch, "map", "--document", "--input", str(source)) == 0
    assert "(left out: equal opportunity," in " ".join(capsys.readouterr().out.split())
    assert run(monkeypatch, "map", "--input", str(source), "--format", "jsonl") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 5  # without --document each line is a text of its own
    assert not any("boilerplate" in row for row in rows)


def test_map_all_ranks_as_many_as_asked(
    fake_encoder: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "map", "zzz unknown words", "--top", "50", "--all", "--format", "jsonl") == 0
    matches = json.loads(capsys.readouterr().out)["matches"]
    assert len({match["uri"] for match in matches}) == 50
    assert [match["score"] for match in matches] == sorted((match["score"] for match in matches), reverse=True)


def test_occupations_and_measures(
    fake_encoder: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "occupations", "welder", "--format", "jsonl") == 0
    assert json.loads(capsys.readouterr().out)["matches"][0]["label"] == "welder"
    assert run(monkeypatch, "measures", "recover waste heat", "--format", "jsonl", "--top", "3") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0]["id"] == "waste-heat-recovery"
    assert {"title", "skills", "roles", "synonyms", "score"} <= set(rows[0])
    assert run(monkeypatch, "measures", "--format", "jsonl") == 0
    assert len(capsys.readouterr().out.splitlines()) >= 120


def test_the_template_is_never_written_over_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "company.xlsx"
    assert run(monkeypatch, "template", str(path)) == 0
    before = path.read_bytes()
    assert run(monkeypatch, "template", str(path)) == 1
    assert path.read_bytes() == before


def test_plan_from_workbook_to_files(
    fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plan.json"
    sheet = tmp_path / "deep" / "plan.xlsx"
    limits = ["--budget-eur", "5000", "--hours-per-person", "24"]
    assert run(monkeypatch, "plan", str(DEMO), *limits, "--out", str(out), "--out", str(sheet)) == 0
    assert "What to book" in capsys.readouterr().out
    plan = read_plan(out)
    assert plan.constraints.budget_eur == 5000
    assert 0 < plan.totals.cost_eur_net <= 5000
    assert plan.totals.cost_eur_net == pytest.approx(sum(item.cost_eur_net for item in plan.items))
    assert plan.totals.cost_eur_gross - plan.totals.funding_eur == pytest.approx(plan.totals.cost_eur_net)
    assert sheet.is_file()


def test_a_cancelled_run_is_planned_around_and_two_plans_are_compared(
    fake_encoder: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, changes = (str(tmp_path / name) for name in ("old.json", "new.json", "changes.xlsx"))
    quick = [str(DEMO), "--budget-eur", "5000", "--solver", "greedy"]
    assert run(monkeypatch, "plan", *quick, "--out", old) == 0
    first = read_plan(Path(old))
    gone = first.items[0].offer
    funding = tmp_path / "funding.toml"
    funding.write_text('[[scheme]]\nid = "v"\nname = "Voucher"\nrate = 0.5\ncapped = false\n', "utf-8")
    more = ["--away-share", "1", "--reach", "country", "--funding", str(funding)]
    assert run(monkeypatch, "plan", *quick, *more, "--keep", old, "--cancelled", gone, "--out", new) == 0
    assert "What changed" in capsys.readouterr().out
    second = read_plan(Path(new))
    kept = {(item.offer, item.role): set(item.people) for item in first.items if item.offer != gone}
    now = {(item.offer, item.role): set(item.people) for item in second.items}
    assert all(now[line] >= people for line, people in kept.items())
    assert gone not in {item.offer for item in second.items}
    assert second.totals.funding_eur == pytest.approx(second.totals.cost_eur_gross / 2, abs=1)
    assert any("within the country" in note for note in second.notes)
    assert run(monkeypatch, "compare", old, new, "--format", "jsonl", "--out", changes) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["what"] for row in rows if row.get("offer") == gone} <= {"dropped", "other run"}
    assert Path(changes).is_file()
    assert run(monkeypatch, "plan", *quick, "--keep", old, "--booked", "nope", "--cancelled", "gone") == 1
    error = capsys.readouterr().err
    assert "booked nope" in error
    assert "cancelled gone" in error
    assert run(monkeypatch, "plan", *quick, "--pin", "nope", "--exclude", "gone") == 1
    assert "--exclude gone" in capsys.readouterr().err


def test_gap_and_recommend_give_reasons(
    fake_encoder: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "gap", str(DEMO), "--format", "jsonl") == 0
    gaps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert gaps
    assert all(gap["reasons"] and gap["people_short"] <= gap["people_required"] for gap in gaps)
    assert run(monkeypatch, "recommend", str(DEMO), "--top", "5", "--format", "jsonl") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) == 5
    for each in found:
        assert sum(each["parts"].values()) == pytest.approx(each["score"], abs=1e-3)


def test_every_command_says_what_it_does_and_ends_with_an_example() -> None:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        assert "Example: skillmatch" in (command.help + (command.epilog or "")), name
