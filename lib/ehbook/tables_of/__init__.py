"""Long tables and lists of facts of the pages, as text: one file a page. They format and compute nothing."""
