"""The tools of ``infrashare mcp``: what a program that speaks the Model Context Protocol may ask of the graph.

A tool asks over HTTP, of a server or of the same application in this process, so that both give the same answers
and the same errors. To add one, write a method that has a typed answer and name it in ``server_of``.
"""
