"""The company workbook, in and out: the names that other stages use."""

from skillmatch.company.read import Reading, inspect_workbook, read_workbook
from skillmatch.company.write import write_template, write_workbook

__all__ = ["Reading", "inspect_workbook", "read_workbook", "write_template", "write_workbook"]
