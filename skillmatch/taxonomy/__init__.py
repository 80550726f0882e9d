"""What a skill is: reading, storing and asking a skills taxonomy."""
