"""Numerical tools without physics: quadrature, Chebyshev series, mixing, minimisation."""
