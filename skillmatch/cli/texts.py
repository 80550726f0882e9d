"""Commands that read words: map, occupations, measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar

import typer

from skillmatch.cli.inputs import Line, read_lines
from skillmatch.cli.output import Format, FormatOption, emit, match_row, progress
from skillmatch.cli.upkeep import Setting
from skillmatch.mapping.model import Mapping, Match

if TYPE_CHECKING:  # the command line must answer --help before these are imported
    from skillmatch.company.measures import Measure
    from skillmatch.mapping.encoder import Encoder, Progress
    from skillmatch.mapping.mapper import Mapper
    from skillmatch.taxonomy.model import Taxonomy

T = TypeVar("T", covariant=True)
TextsArgument = Annotated[list[str] | None, typer.Argument(help="Texts to work on.", show_default=False)]
InputOption = Annotated[
    str | None,
    typer.Option("--input", help="A file with one text a line (plain, or JSON with id and text); - is standard input."),
]
TaxonomyOption = Annotated[
    str | None, typer.Option("--taxonomy", help="Name of an imported taxonomy; else the one in use.")
]
LanguageOption = Annotated[str, typer.Option("--language", help="Two-letter code of the language of the labels shown.")]
BATCH = 256
"""Lines worked on at once: enough to fill the encoder's batches, few enough to show results as they come."""


def map_texts(
    text: TextsArgument = None,
    source: InputOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="At most this many skills a text.")] = 5,
    everything: Annotated[bool, typer.Option("--all", help="Rank the best skills whatever their probability.")] = False,
    document: Annotated[
        bool, typer.Option("--document", help="Each text, or the whole file, is one job ad, course page or paper.")
    ] = False,
    setting: Annotated[
        Setting | None,
        typer.Option(
            "--setting",
            help=f"best, or fast (English in half the time). If not said, fast from {BATCH + 1} texts on.",
        ),
    ] = None,
    form: FormatOption = Format.table,
    taxonomy: TaxonomyOption = None,
    language: LanguageOption = "en",
) -> None:
    """Map texts to skills, with the words that are the evidence.

    Of a text of more than five sentences or bullets, or with --document, boilerplate (about us, benefits, how to
    apply) is left out and listed, and all its parts together speak for a skill.

    Example: skillmatch map "We weld stainless steel pipes and want to save energy"
    """
    lines = read_lines(text or [], source, whole=document)
    chosen = setting or (Setting.fast if len(lines) > BATCH else Setting.best)
    mapper = _build(partial(_mapper, chosen), taxonomy, language)
    rows = _mapped(mapper, lines, top, everything, document)
    if form is Format.jsonl:
        emit(rows, (), form)
        return
    flat = [
        {"id": row["id"], "words": row["text"][match.get("start") : match.get("end")], **match}
        for row in rows
        for match in [*(row["matches"] or [{"label": "(no skill found)"}]), *_left_out(row)]
    ]
    columns = (
        ("id", "words", "label", "probability")
        if form is Format.table
        else ("id", "uri", "label", "score", "probability", "start", "end")
    )
    emit(flat, columns, form)


map_texts.command_name = "map"  # type: ignore[attr-defined]  # `map` itself would hide the builtin


class _Built(Protocol[T]):
    """What `Mapper` and `OccupationLinker` have in common: how they are built."""

    def __call__(
        self, taxonomy: Taxonomy, encoder: Encoder, *, language: str, cache: Path | None, progress: Progress | None
    ) -> T: ...


def _mapper(
    setting: Setting,
    taxonomy: Taxonomy,
    encoder: Encoder,
    *,
    language: str,
    cache: Path | None,
    progress: Progress | None,
) -> Mapper:
    """Return the mapper as the product uses it: with examples, and what the library of measures knows."""
    from skillmatch.company.topics import associations
    from skillmatch.mapping.examples import load_examples
    from skillmatch.mapping.mapper import Mapper

    return Mapper.build(
        taxonomy,
        encoder,
        language=language,
        cache=cache,
        progress=progress,
        associations=associations(),
        examples=load_examples(encoder),
        setting=setting.value,
    )


def _build(build: _Built[T], taxonomy: str | None, language: str) -> T:
    from skillmatch.mapping.encoder import load_encoder
    from skillmatch.resources import home
    from skillmatch.taxonomy.storage import active

    with progress("Preparing the labels of the taxonomy (only the first time takes long)") as report:
        return build(active(taxonomy), load_encoder(), language=language, cache=home() / "cache", progress=report)


def _left_out(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each kind of boilerplate in a document, with the place of its first piece."""
    from skillmatch.mapping.boilerplate import KINDS

    found = row.get("boilerplate", [])
    first = {each["kind"]: each for each in reversed(found)}
    counts = Counter(each["kind"] for each in found)
    return [
        {"label": f"(left out: {KINDS[kind]}, {counts[kind]} x)", "start": each["start"], "end": each["end"]}
        for kind, each in sorted(first.items(), key=lambda item: int(item[1]["start"]))
    ]


def _mapped(
    mapper: Mapper, lines: Sequence[Line], top: int, everything: bool, document: bool
) -> Iterator[dict[str, Any]]:
    with progress("Mapping") as report:
        for begin in range(0, len(lines), BATCH):
            batch = lines[begin : begin + BATCH]
            texts = [line.text for line in batch]
            if everything:
                found = [
                    Mapping(text, matches, ()) for text, matches in zip(texts, mapper.rank(texts, top), strict=True)
                ]
            else:
                found = mapper.map_many(texts, top_k=top, as_document=document)
            report(min(begin + BATCH, len(lines)), len(lines))
            for line, mapping in zip(batch, found, strict=True):
                row = {
                    "id": line.id,
                    "text": line.text,
                    "matches": [_labelled(mapper, match, line) for match in mapping.matches],
                    "unmatched": [{"start": span.start, "end": span.end} for span in mapping.unmatched],
                }
                if mapping.boilerplate:
                    row["boilerplate"] = [
                        {"start": each.start, "end": each.end, "kind": each.kind} for each in mapping.boilerplate
                    ]
                yield row


def _labelled(mapper: Mapper, match: Match, line: Line) -> dict[str, Any]:
    row = match_row(match)
    if match.also:
        row["also"] = [{"start": span.start, "end": span.end} for span in match.also]
    if line.lang:
        row["label"] = mapper.taxonomy.label(match.uri, line.lang)
    return row


def occupations(
    title: TextsArgument = None,
    source: InputOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="At most this many occupations a title.")] = 5,
    form: FormatOption = Format.table,
    taxonomy: TaxonomyOption = None,
    language: LanguageOption = "en",
) -> None:
    """Link job titles to occupations.

    Example: skillmatch occupations "CNC setter" "Leiterin Einkauf"
    """
    from skillmatch.mapping.occupations import OccupationLinker

    lines = read_lines(title or [], source)
    linker = _build(OccupationLinker.build, taxonomy, language)
    with progress("Linking"):
        linked = linker.link([(line.text, "") for line in lines], top)
    rows: list[dict[str, Any]] = [
        {"id": line.id, "text": line.text, "matches": [match_row(match) for match in matches], "unmatched": []}
        for line, matches in zip(lines, linked, strict=True)
    ]
    if form is Format.jsonl:
        emit(rows, (), form)
        return
    flat = [{"id": row["id"], "text": row["text"], **match} for row in rows for match in row["matches"]]
    columns = (
        ("text", "label", "probability")
        if form is Format.table
        else ("id", "text", "uri", "label", "score", "probability")
    )
    emit(flat, columns, form)


def measures(
    words: Annotated[
        list[str] | None, typer.Argument(help="What you want to change; without words, the whole library.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="At most this many measures.")] = 10,
    form: FormatOption = Format.table,
) -> None:
    """Search the library of transition measures.

    Example: skillmatch measures get rid of paper in the workshop
    """
    from skillmatch.company.measures import MeasureSearch, load_measures

    library = load_measures()
    chosen: list[tuple[Measure, float | None]]
    if not words:
        chosen = [(measure, None) for measure in library]
    else:
        from skillmatch.mapping.encoder import load_encoder
        from skillmatch.resources import home

        with progress("Reading the library") as report:
            search = MeasureSearch.build(library, load_encoder(), cache=home() / "cache", progress=report)
        by_id = {measure.id: measure for measure in library}
        chosen = [(by_id[hit.measure], hit.score) for hit in search.search([" ".join(words)], top)[0]]
    rows = [
        {
            **measure.model_dump(mode="json"),
            "score": score,
            "title_shown": measure.title["en"],
            "calls_for": [skill.label for skill in measure.skills if skill.kind == "core"],
        }
        for measure, score in chosen
    ]
    if form is Format.jsonl:
        emit(
            [{key: value for key, value in row.items() if key not in ("title_shown", "calls_for")} for row in rows],
            (),
            form,
        )
        return
    shown = [{**row, "title": row["title_shown"]} for row in rows]
    emit(
        shown,
        ("id", "title", "transition", "score", "calls_for") if words else ("id", "title", "transition", "calls_for"),
        form,
    )
