"""The figures of the pages: one file a page, one function a figure.

A function takes what the page computed, draws, and saves the figure with its data; it computes nothing that a sentence
or a verdict rests on. The notebook shows the figure at the end of the cell that calls the function.
"""
