"""Numerical tools without physics: quadrature, Chebyshev series, roots, eigenvalues, mixing, minimisation."""
