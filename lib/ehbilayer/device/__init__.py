"""A bilayer in laboratory units: what the theories say about it, and how far each of them can be trusted."""
