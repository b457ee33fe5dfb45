"""What changed between two versions, by entity, in words and as triples."""
