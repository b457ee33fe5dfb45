"""What others harvest: descriptions, dumps, and the change feed."""
