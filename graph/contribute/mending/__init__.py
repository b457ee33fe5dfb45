"""What was meant where a rule finds something: suggestions, and the corrected file."""
