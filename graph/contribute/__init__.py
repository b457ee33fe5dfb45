"""A file comes in: it is parsed in a worker, checked against the shapes, explained, and accepted."""
