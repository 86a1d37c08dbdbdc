"""What only the pages of the book need: figures, tables, claims and parameters."""
