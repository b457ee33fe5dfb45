"""HTTP over the knowledge graph: one module a resource."""
