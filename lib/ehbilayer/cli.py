"""The command line: ``ehbilayer`` after an installation, or ``python -m ehbilayer``.

Each subcommand imports what it needs inside its function, so that ``--help`` answers at once.
"""

from pathlib import Path
from typing import Any

import click

__all__ = ["main"]


class _Refused(click.ClickException):
    """An argument that is not allowed: one line, and the exit status of a wrong command line."""

    exit_code = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ehbilayer")
def main() -> None:
    """Electron-hole bilayers: answers for a device, and the stores of sweeps."""


@main.group("sweep-store")
def sweep_store() -> None:
    """What sweeps keep on disk: list it, remove it."""


@sweep_store.command("list")
@click.argument("store", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def list_store(store: Path, as_json: bool) -> None:
    """List the functions in STORE, each with the state of its sources."""
    import json
    from dataclasses import asdict

    from ehbilayer.errors import ArgumentError
    from ehbilayer.sweep import entries

    try:
        found = entries(store)
    except (ArgumentError, OSError) as error:
        raise _Refused(str(error)) from error
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in found], indent=1, default=str))
    elif found:
        click.echo(_table(found))


@sweep_store.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option("--stale", is_flag=True, help="what belongs to other sources than today's")
@click.option("--older-than", type=float, metavar="DAYS", help="what nothing was written to for so long")
def prune(store: Path, stale: bool, older_than: float | None) -> None:
    """Remove points from STORE and list them; with both options, what both hold for."""
    from ehbilayer import sweep
    from ehbilayer.errors import ArgumentError

    if older_than is None and not stale:
        raise _Refused("what to remove is missing: need --stale, --older-than or both")
    try:
        removed = sweep.prune(store, older_than=older_than, stale=stale)
    except (ArgumentError, OSError) as error:
        raise _Refused(str(error)) from error
    if removed:
        click.echo(_table(removed))


def _table(found: list[Any]) -> str:
    state = {True: "stale", False: "current", None: "unknown"}
    rows = [("function", "sources", "points", "kB", "written (UTC)", "state")]
    for one in found:
        size, written = f"{one.size / 1000:.0f}", f"{one.written:%Y-%m-%d %H:%M}"
        rows.append((one.function, one.source_key, str(one.points), size, written, state[one.stale]))
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    return "\n".join(
        "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
