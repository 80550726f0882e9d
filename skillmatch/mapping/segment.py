"""Text to pieces: sentences, bullets and phrases with their place in the text, never cut inside a word or a name."""

import re
import unicodedata
from collections.abc import Iterator

from skillmatch.mapping.model import Span

VERSION = "1"
"""Changes with everything here that changes a span."""

LONGEST = 600
"""Characters of a sentence; a longer run of words (a text without full stops) is cut between two words."""

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(r"\s*(?:(?:[-*+•‣◦▪▫■□●○·–—»>✓✔☑➢➤→]+|\(?\d{1,3}(?:\.\d{1,3})*[.)]|\(?[a-zA-Z][.)])\s+){1,2}")
_END = re.compile(r"[.!?…؟۔]+[\"'”’»)\]]*(?=\s)|[。！？]+[”’」』）]*")
_WORD_BEFORE = re.compile(r"[^\s(\[/\"'„“«]*\Z")
_ORDINAL = re.compile(r"\d{1,2}\Z")
_WRAPPED = 40
"""A line shorter than this has not been wrapped: the next line begins anew even in lower case."""

# Words before a full stop that do not end a sentence: English, German, French, Spanish, Italian, Dutch, Polish.
_ABBREVIATION_LIST = (
    "e.g i.e eg ie etc vs approx incl excl esp resp dept ext tel mr mrs ms dr prof st jr sr inc ltd corp "
    "z.b d.h u.a u.u i.d.r o.ä o.a v.a s.o s.u z.t z b d h bzw usw ca evtl ggf inkl zzgl bspw sog vgl "
    "allg insb mind gem lfd str techn kaufm abt ing dipl mio mrd "
    "p.ex cf p.ej ej aprox pág núm sra ecc dott pag bijv d.w.z enz m.b.t t.a.v np tzw itd itp m.in tj"
)
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_BEFORE_NUMBER = frozenset({"no", "nos", "nr", "nrn", "fig", "tab", "sec", "vol", "art", "abs", "max", "min", "std"})
# What follows a number with a full stop when the number is an ordinal and not the mark of a list.
_ORDINAL_NOUNS = re.compile(
    r"\d{1,2}\.\s+(?:Quartal|Halbjahr|Jahr|Lehrjahr|Semester|Tag|Woche|Monat|Klasse|Stock|Etage|Auflage|Generation|Platz|"
    r"Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
)
_BREAK = re.compile(
    r"(?:(?<!\d),|,(?!\d))\s*|;\s*|:\s+|\s[-–—]\s|\s[•·|/]\s|[()\[\]]|"
    r"\s(?:and/or|und/oder|et/ou|y/o|as\swell\sas|and|or|und|oder|sowie|et|ou|y|oraz|lub|och|eller)(?=\s)"
)
_SPACE = re.compile(r"\s+")


def segment(text: str) -> tuple[Span, ...]:
    r"""Cut a text into sentences and bullets, in their order; they do not overlap.

    Marks of lists and outer spaces are left out; so are pieces without any letter, digit or picture (a row of dashes).
    Takes time in proportion to the length of the text.

    >>> [span.text for span in segment("We run ASP.NET, e.g. for R&D. 2. Now: drones!")]
    ['We run ASP.NET, e.g. for R&D.', '2. Now: drones!']
    >>> [(span.start, span.end) for span in segment("- weld\r\n- sort waste")]
    [(2, 6), (10, 20)]
    """
    spans = []
    for start, end in _paragraphs(text):
        for first, last in _sentences(text, start, end):
            for piece in _short(text, first, last):
                span = _trim(text, *piece)
                if span:
                    spans.append(span)
    return tuple(spans)


def phrases(sentence: Span) -> tuple[Span, ...]:
    """Cut a segment at commas, semicolons, brackets and conjunctions; the places are in the text the segment is from.

    Empty if there is nothing to cut.

    >>> [span.text for span in phrases(Span(0, 0, "Java, C++ and/or R&D of 1,5 GHz radar (C-band)"))]
    ['Java', 'C++', 'R&D of 1,5 GHz radar', 'C-band']
    """
    found, start = [], 0
    text = sentence.text
    for end, after in [*(match.span() for match in _BREAK.finditer(text)), (len(text), len(text))]:
        span = _trim(text, start, end)
        start = after
        if span and any(character.isalnum() for character in span.text):
            found.append(Span(sentence.start + span.start, sentence.start + span.end, span.text))
    return tuple(found) if len(found) > 1 else ()


def clean(text: str) -> str:
    r"""Return a text as an encoder should read it: one space for each run of space or control characters, no end mark.

    >>> clean("weld\x00\tmetal. ")
    'weld metal'
    """
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text)
    return _SPACE.sub(" ", text).strip().rstrip(" .,;:!?…")


def is_wordless(text: str) -> bool:
    """Return whether a text has neither letter nor digit, so that nothing can be read in it."""
    return not any(character.isalnum() for character in text)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each bullet or paragraph: a line, with the following ones where they were only wrapped."""
    start = end = -1
    last = 0  # length of the last line
    for match in _LINE.finditer(text):
        line = match.group()
        if not line.strip():
            if start >= 0:
                yield start, end
            start = -1
            continue
        opening = _MARKER.match(line)
        ordinal = opening and _ORDINAL_NOUNS.match(line.lstrip())
        wrapped = start >= 0 and last >= _WRAPPED and line.lstrip()[0].islower() and not opening
        if not (wrapped and text.count("\n", end, match.start()) <= 1):
            if start >= 0:
                yield start, end
            start = match.start() + (opening.end() if opening and not ordinal else 0)
        end, last = match.end(), len(line)
    if start >= 0:
        yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the sentences of one paragraph."""
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, start, match.start(), match.end(), end):
            yield start, match.end()
            start = match.end()
    yield start, end


def _ends_sentence(text: str, start: int, stop: int, after: int, end: int) -> bool:
    """Say whether the marks at ``text[stop:after]`` end the sentence that began at `start`."""
    if not text[stop:after].startswith(".") or text[stop:after].startswith(".."):
        return True
    before = _WORD_BEFORE.search(text[max(start, stop - 30) : stop])
    word = before.group() if before else ""
    rest = text[after : min(end, after + 30)].lstrip()
    following = rest.lstrip("\"'„“«([")[:1]
    if word.lower() in _ABBREVIATIONS or _ORDINAL.fullmatch(word):
        return False
    if word.lower() in _BEFORE_NUMBER and following.isdigit():
        return False
    if len(word) == 1 and word.isalpha() and word.isupper():  # an initial, as in "J. Smith"
        return not following.isupper()
    return not following.islower() or len(word) >= 5


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the piece, cut between words where it is longer than `LONGEST`; a single longer word stays whole."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        if cut <= start:
            cut = text.find(" ", start + LONGEST, end)
        if cut < 0:
            break
        yield start, cut
        start = cut + 1
    yield start, end


def _trim(text: str, start: int, end: int) -> Span | None:
    """Return the span without outer spaces and control characters; None if nothing with content is left."""
    while start < end and _is_space(text[start]):
        start += 1
    while end > start and _is_space(text[end - 1]):
        end -= 1
    piece = text[start:end]
    if any(character.isalnum() or unicodedata.category(character) == "So" for character in piece):
        return Span(start, end, piece)
    return None


def _is_space(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cc"
