"""Pages of the web front end, and what they share."""
