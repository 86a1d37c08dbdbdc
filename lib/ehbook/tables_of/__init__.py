"""The long tables of the pages: one file a page, one function a table.

A function formats what the page computed; it computes nothing that a sentence or a verdict rests on.
"""
