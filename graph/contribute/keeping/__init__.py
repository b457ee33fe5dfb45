"""Other states of the dataset than the current one: dumps, what they restore, the past, what new shapes would do."""
