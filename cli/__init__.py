"""The jobs of the knowledge graph from a terminal."""
