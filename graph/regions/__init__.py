"""Regions: what each has, what they have in common, and what they can learn from each other."""
