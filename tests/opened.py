"""Which numbers of a page do not open their reasons: a table's columns, and the figures at its head."""

from collections.abc import Iterator

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Dataframe, Element, Metric, Table

from skillmatch.report.numbers import WORDS


def unexplained(page: AppTest) -> list[str]:
    """Return the headings of numbers that nothing opens: each must stand in the next table of reasons below it.

    Tables of words only need none. The tables of reasons are those that `app_pages.layout.opened` shows.
    """
    waiting: list[str] = []
    found: list[str] = []
    for element in elements(page.main):
        if isinstance(element, Metric):
            waiting.append(element.label)
        elif isinstance(element, Dataframe) and not element.proto.editing_mode:  # what the user fills in is the user's
            found += waiting
            waiting = [str(name) for name in element.value.columns if str(name) not in WORDS]
        elif isinstance(element, Table):
            opened = element.value
            assert opened.columns[-1] == "How it came about"
            assert (opened["How it came about"].str.len() > 3).all()
            waiting = [name for name in waiting if name not in opened.index]
            found += waiting
            waiting = []
    return found + waiting


def elements(block: Block) -> Iterator[Element]:
    """Yield the elements of a page from top to bottom."""
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child
