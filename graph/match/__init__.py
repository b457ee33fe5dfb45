"""A need comes in: its words are understood, candidates found, criteria judged and the verdicts explained."""
