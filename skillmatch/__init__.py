"""SkillMatch: which skills a change needs, which roles lack them, and the best training plan for the money."""
