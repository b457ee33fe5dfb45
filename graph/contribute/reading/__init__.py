"""A file comes in: parsed safely, blank nodes named, and where each triple stands."""
