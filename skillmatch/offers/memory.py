"""What course texts were read as, kept on disk: texts of catalogues are public, and reading them takes time."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from skillmatch.files import replace_file
from skillmatch.resources import home


@dataclass(frozen=True)
class Found:
    """A skill found in a text: URI, probability in [0, 1], and the words that say so."""

    skill: str
    probability: float
    words: str


@dataclass(eq=False)
class Memory:
    """Text -> skills found, for one mapper and one way of asking it; a file of JSON lines, one a text, sorted by hash.

    The file's name is a hash of everything that changes an answer, and a text is known by its sha256.
    """

    path: Path
    known: dict[str, tuple[Found, ...]] = field(default_factory=dict)

    @classmethod
    def open(cls, mapper_key: str, top_k: int, minimum_probability: float) -> Self:
        """Read what is remembered for this key; a file that is not whole is taken as empty and written anew."""
        name = _hash(f"1\n{mapper_key}\n{top_k}\n{minimum_probability!r}")[:24]
        path = home() / "catalogues" / f"{name}.jsonl"
        known: dict[str, tuple[Found, ...]] = {}
        if path.is_file():
            try:
                for line in path.read_text("utf-8").splitlines():
                    row = json.loads(line)
                    known[row["text"]] = tuple(Found(*found) for found in row["skills"])
            except (ValueError, KeyError, TypeError):
                known = {}
        return cls(path, known)

    def __contains__(self, text: str) -> bool:
        return _hash(text) in self.known

    def __getitem__(self, text: str) -> tuple[Found, ...]:
        return self.known[_hash(text)]

    def __setitem__(self, text: str, found: tuple[Found, ...]) -> None:
        self.known[_hash(text)] = found

    def save(self) -> None:
        """Write everything known, in one step."""
        lines = (
            json.dumps(
                {"text": text, "skills": [[hit.skill, hit.probability, hit.words] for hit in self.known[text]]},
                ensure_ascii=False,
            )
            for text in sorted(self.known)
        )
        replace_file(self.path, "".join(f"{line}\n" for line in lines).encode())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
