"""A company in its own words: roles, people, needs, and the workbook that holds them."""
