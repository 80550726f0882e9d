"""What to book for whom: recommendations, the optimiser and the plan."""
