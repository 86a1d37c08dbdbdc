"""``python -m ehbilayer``: the command line."""

from ehbilayer.cli import main

if __name__ == "__main__":
    main(prog_name="ehbilayer")
