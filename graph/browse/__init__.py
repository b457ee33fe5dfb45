"""Looking at the graph: entities with all that is said of them, and lists of entities by filters."""
