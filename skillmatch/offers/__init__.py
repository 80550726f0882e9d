"""What can be learnt: catalogues of offers and the skills they teach."""
