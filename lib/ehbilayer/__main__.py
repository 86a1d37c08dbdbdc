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
    """Electron-hole bilayers: answers for a device, the stores of sweeps, the parameters of notebooks."""


# The parameters of `ehbilayer.device.Bilayer` that are numbers; a test compares the names.
_NUMBERS = {
    "m_e": "mass of the electrons in m_0",
    "m_h": "mass of the holes in m_0",
    "eps_r": "relative permittivity, or else the next two",
    "eps_parallel": "of a uniaxial dielectric, along the layers",
    "eps_perp": "of a uniaxial dielectric, across the layers",
    "d": "distance of the layers' centres in nm",
    "T": "temperature in K",
    "density": "of each layer in cm^-2, or else a gate voltage",
    "gate_voltage": "in V",
    "gate_offset": "voltage at which carriers appear, in V",
    "gate_capacitance": "in nF/cm^2, or else the next two",
    "gate_thickness": "of the gate's dielectric in nm",
    "gate_eps_r": "its relative permittivity",
    "lam": "Rashba parameter of the electrons in meV nm",
    "J": "Zeeman energy across the layers in meV",
    "B": "Zeeman energy in the plane in meV",
    "g_factor": "for the fields, which add g mu_B/2 times field",
    "tesla_perpendicular": "magnetic field across the layers in T",
    "tesla_in_plane": "magnetic field in the plane in T",
    "mobility": "of the holes in cm^2/(V s), or else their relaxation time",
    "tau": "relaxation time of the holes in ps",
    "width": "of the sample in micrometres",
    "alpha": "plasmon velocity over Bohm-Staver velocity, instead of a computed one",
    "T_c": "pairing temperature in K, instead of a computed one",
}

# A parameter of one kind replaces those of the other kinds that a preset has.
_ALTERNATIVES = (
    (("eps_r",), ("eps_parallel", "eps_perp")),
    (("density",), ("gate_voltage", "gate_offset", "gate_capacitance", "gate_thickness", "gate_eps_r")),
    (("mobility",), ("tau",)),
)


def _numbers(command: Any) -> Any:
    for name, text in reversed(_NUMBERS.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, type=float, metavar="NUMBER", help=text)(command)
    return command


@main.command()
@click.option("--preset", metavar="NAME", help="start from a preset: paper-a, paper-b, mose2-wse2, gaas, ...")
@_numbers
@click.option("--degeneracy", type=int, metavar="INTEGER", help="equal species of each layer, spins times valleys")
@click.option("--pairing", metavar="NAME", help="bare or screened: which computed temperature sets the currents")
@click.option("--outside", metavar="NAME", multiple=True, help="keldysh, valleys or dirac: a flag of what is left out")
@click.option(
    "--part", "parts", metavar="NAME", multiple=True, help="phase, superconductor, excitons, condensate, drag"
)
@click.option("--mesh", type=int, default=6, show_default=True, help="even; mesh^2 pairs in the Hartree-Fock states")
@click.option("--json", "as_json", is_flag=True, help="print JSON, with parameters, units and flags")
@click.option("--csv", "as_csv", is_flag=True, help="print CSV, with parameters, units and flags")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="write this .json or .csv file")
def device(
    preset: str | None,
    outside: tuple[str, ...],
    parts: tuple[str, ...],
    mesh: int,
    as_json: bool,
    as_csv: bool,
    output: Path | None,
    **given: Any,
) -> None:
    """What the theories answer for a bilayer in laboratory units, and where they stop being valid.

    \b
    ehbilayer device --m-e 0.067 --m-h 0.4 --eps-r 12.9 --d 25 --density 5e10 --T 1 --mobility 3e5
    ehbilayer device --preset mose2-wse2 --density 1e12 --json
    """
    if as_json and as_csv:
        raise _Refused("--json and --csv are not allowed together: need one of the two")
    if output is not None and output.suffix.lower() not in (".csv", ".json"):
        raise _Refused(f"--output = {str(output)!r} is not allowed: need a name that ends in .csv or .json")
    if output is not None and not output.absolute().parent.is_dir():
        raise _Refused(f"--output = {str(output)!r} is not allowed: need a folder that exists")
    from ehbilayer.device import PARTS, PRESETS, Bilayer, answer, answers_csv, answers_json, write_answers
    from ehbilayer.errors import ArgumentError
    from ehbilayer.validation import option

    given = {name: value for name, value in given.items() if value is not None}
    given |= {"outside": outside} if outside else {}
    try:
        if preset is not None:
            given = _on_top_of(PRESETS[option("preset", preset, PRESETS)].bilayer.parameters, given)
        absent = [f"--{name.replace('_', '-')}" for name in ("m_e", "m_h", "d", "T") if name not in given]
        if absent:
            raise _Refused(f"{', '.join(absent)} missing: need all of --m-e, --m-h, --d and --T, or a --preset")
        found = answer(Bilayer(**given), parts=parts or PARTS, mesh=mesh)
        if output is not None:
            write_answers(found, output)
    except ArgumentError as error:
        raise _Refused(str(error)) from error
    except OSError as error:
        raise _Refused(f"{output} cannot be written ({error.strerror or error})") from error
    if as_json or as_csv:
        click.echo(answers_json(found) if as_json else answers_csv(found), nl=False)
    elif output is None:
        click.echo(_text(found))


def _on_top_of(preset: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    replaced = {
        name
        for kinds in _ALTERNATIVES
        for kind in kinds
        if any(name in given for other in kinds if other is not kind for name in other)
        for name in kind
    }
    return {name: value for name, value in preset.items() if value is not None and name not in replaced} | given


def _text(found: Any) -> str:
    from ehbilayer.device import LABELS

    rows = [(LABELS[name], value.text, value.validity, value.statement) for name, value in found.quantities.items()]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join("  ".join([*(f"{row[i]:{widths[i]}}" for i in range(3)), row[3]]).rstrip() for row in rows)


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


@main.command()
@click.argument("folder", default="book", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def notebooks(folder: Path, as_json: bool) -> None:
    """List the notebooks in FOLDER with their parameters, the stored values and the allowed ranges."""
    import json

    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            first = ["parameters" in cell["metadata"].get("tags", []) for cell in cells if cell["cell_type"] == "code"]
        except (ValueError, KeyError, TypeError) as error:
            raise _Refused(f"{path} is not a notebook: {error}") from error
        if any(first):
            at = first.index(True)
            found[path.stem] = _parameters(code[at], code[at + 1] if at + 1 < len(code) else "")
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for name, parameters in found.items():
        click.echo(name)
        for key, one in parameters.items():
            said = "; ".join(text for text in (one["range"], one["comment"]) if text)
            click.echo(f"  {key} = {one['value']!r}" + (f"  ({said})" if said else ""))


def _parameters(source: str, checks: str) -> dict[str, dict[str, Any]]:
    """Value, comment and range of every parameter, from the cell that sets them and the one that checks them."""
    import ast

    ranges = {}
    for call in ast.walk(ast.parse(checks)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and len(call.args) > 1:
            name, limits = call.args[0], {word.arg: ast.unparse(word.value) for word in call.keywords}
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                low, high = limits.get("low"), limits.get("high")
                parts = [f"from {low}"] * (low is not None) + [f"to {high}"] * (high is not None)
                positive = any(isinstance(part, ast.Name) and part.id == "positive" for part in (call.func, *call.args))
                parts = ["above 0"] * (positive and low is None) + parts
                if call.func.id == "option":
                    parts = [f"one of {ast.unparse(call.args[2])}"]
                ranges.setdefault(name.value, " ".join(parts))
    lines, found = source.splitlines(), {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, comment = node.targets[0].id, lines[(node.end_lineno or 1) - 1][node.end_col_offset :]
            value = ast.literal_eval(node.value)
            found[name] = {"value": value, "range": ranges.get(name, ""), "comment": comment.strip().lstrip("# ")}
    return found


if __name__ == "__main__":
    main(prog_name="ehbilayer")
