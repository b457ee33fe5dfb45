"""Tables come in: CSV described by W3C CSVW metadata becomes Turtle, and each class has a template of both."""
