"""The knowledge graph of research and innovation infrastructure: storing, contributing, matching, publishing."""
