"""The command line: ``ehbilayer`` after an installation, or ``python -m ehbilayer``.

Each subcommand imports what it needs inside its function, so that ``--help`` answers at once.
"""

import click

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ehbilayer")
def main() -> None:
    """Electron-hole bilayers: answers for a device, and the stores of sweeps."""


# Subcommands: device, sweep-store.
