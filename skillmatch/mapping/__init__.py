"""Words to skills: encoders, label search, segments and matches."""
