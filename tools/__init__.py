"""Commands behind the Makefile: environment, build of the book, reruns, stored outputs."""
