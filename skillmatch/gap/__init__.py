"""What is short: the skills that needs call for, who must have them, and what is held."""
