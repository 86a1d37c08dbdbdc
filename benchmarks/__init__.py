"""Each numba kernel beside a plain NumPy/SciPy twin, and whole problems as they grow with N."""
