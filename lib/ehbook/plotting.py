"""One style for every figure of the book, and the files offered beside each figure.

Figures appear in the pages as PNG of at most 256 colours at twice the screen resolution on an opaque white
background; `save_figure` writes the same figure as SVG and PDF and its data as CSV or
netCDF, for download.
"""

import base64
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
import xarray as xr
from cycler import cycler
from matplotlib.figure import Figure
from PIL import Image

import ehbilayer
from ehbilayer.errors import ArgumentError
from ehbilayer.files import replacing

__all__ = ["COLORS", "DIVERGING", "FOLDER_VARIABLE", "SEQUENTIAL", "light_png", "save_figure", "use_style"]

COLORS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "black": "#000000",
}
"""Okabe-Ito colours in the order of the property cycle; its yellow is left out, too faint on white."""

SEQUENTIAL = "cividis"
"""Colour map for quantities of one sign: perceptually uniform, the same with and without red-green vision."""

DIVERGING = "RdBu_r"
"""Colour map for quantities of both signs; use it with limits symmetric about zero."""

#: Environment variable that names the folder of the figures' data.
FOLDER_VARIABLE = "EHBILAYER_FIGURES"

_STYLE: dict[Any, Any] = {
    "axes.prop_cycle": cycler(color=list(COLORS.values())),
    "image.cmap": SEQUENTIAL,
    "figure.figsize": (6.0, 3.8),
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.transparent": False,
    "savefig.bbox": "tight",
    "figure.constrained_layout.use": True,
    # A page 6 inches wide shrinks to about 3.4 inches on a telephone: 12 points are read there as 7.
    "font.size": 12.0,
    "axes.titlesize": 12.0,
    "axes.labelsize": 12.0,
    "legend.fontsize": 11.0,
    "xtick.labelsize": 11.0,
    "ytick.labelsize": 11.0,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "text.usetex": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.0,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#d9d9d9",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    # Fixed, so that two runs write the same bytes.
    "svg.hashsalt": "ehbilayer",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


def use_style() -> None:
    """Set the book's figure style for this session.

    Call it once, before the first figure. In a notebook it also selects PNG of few colours at twice the
    screen resolution as the format of figures in the page.

    Examples
    --------
    >>> import matplotlib
    >>> with matplotlib.rc_context():
    ...     use_style()
    ...     matplotlib.rcParams["image.cmap"]
    'cividis'
    """
    mpl.rcParams.update(_STYLE)
    # Asked only inside a running IPython: the call below would otherwise start one.
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")
        shell.display_formatter.formatters["image/png"].for_type(Figure, _shown)


def _shown(fig):
    """PNG of a figure for the page, as text, and its size there in pixels."""
    from IPython.core.pylabtools import retina_figure

    picture = retina_figure(fig, base64=True, bbox_inches="tight")
    if picture is None:
        return None
    light = light_png(base64.b64decode(picture[0]))
    return base64.b64encode(light).decode("ascii"), picture[1]


def light_png(picture: bytes) -> bytes:
    """The same picture in at most 256 colours, about a third as large.

    Parameters
    ----------
    picture : bytes
        PNG without transparency.

    Returns
    -------
    bytes
        PNG; the same pixels if they have no more than 256 colours.

    Examples
    --------
    >>> fig, before = Figure(facecolor="white"), io.BytesIO()
    >>> fig.savefig(before, format="png")
    >>> len(light_png(before.getvalue())) < len(before.getvalue())
    True
    """
    after = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        # Without dithering, whose dots would be seen and weigh more than they save.
        few = image.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
        few.save(after, "PNG", optimize=True)
    return after.getvalue()


def save_figure(
    fig: Figure,
    name: str,
    data: pd.DataFrame | xr.Dataset | xr.DataArray,
    folder: str | os.PathLike | None = None,
) -> None:
    """Write a figure as vector graphics and the data in it, for download.

    The files are `name.svg`, `name.pdf`, and `name.csv` for a table or `name.nc` for a
    data set. Each appears complete or not at all, and the same input gives the same bytes.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure.
    name : str
        Name of the files without suffix: letters, digits, ``-`` and ``_``.
    data : pandas.DataFrame, xarray.Dataset or xarray.DataArray
        What the figure shows. A table's numeric columns have their unit in parentheses, ``(1)`` for a pure number;
        numeric variables and coordinates of a data set have it as the attribute ``units``. A table's index is written
        when it has a name.
    folder : str or path, optional
        Where to write; created where it is missing. By default the environment variable
        ``EHBILAYER_FIGURES`` or, without it, ``figures`` below the working directory.

    Raises
    ------
    TypeError
        If `fig` is not a figure, or `data` neither a table nor a data set.
    ValueError
        If `name` could not be a file name in a link, or `data` is empty or holds numbers without unit.
    OSError
        If the folder cannot be made or a file not be written, with its name; an older file is then kept.

    Examples
    --------
    >>> import tempfile, pandas as pd
    >>> from pathlib import Path
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> _ = fig.subplots().plot([0, 1], [0, 1])
    >>> data = pd.DataFrame({"r_s (a_h)": [0, 1], "energy (Ha_h)": [0.0, 1.0]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_figure(fig, "line", data, folder)
    ...     print(sorted(path.name for path in Path(folder).iterdir()))
    ['line.csv', 'line.pdf', 'line.svg']
    """
    if not isinstance(fig, Figure):
        raise TypeError(f"fig = {fig!r} is not allowed: need a matplotlib Figure, got {type(fig).__name__}")
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ArgumentError("name", name, "letters, digits, '-' and '_'")
    if not isinstance(data, pd.DataFrame | xr.Dataset | xr.DataArray):
        raise TypeError(
            f"data is not allowed: need a pandas DataFrame or an xarray Dataset or DataArray, got {type(data).__name__}"
        )
    if not (data.size if isinstance(data, pd.DataFrame | xr.DataArray) else len(data.variables)):
        raise ValueError("data is not allowed: need at least one value, got none")
    if missing := _without_unit(data):
        raise ArgumentError("data", missing, "a unit for each, '(1)' or the attribute units = '1' for a pure number")
    folder = Path(os.environ.get(FOLDER_VARIABLE) or "figures") if folder is None else Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failure(folder, error) from error
    made, rights = f"ehbilayer {ehbilayer.__version__}", "BSD-3-Clause"
    about = {"Title": name, "Source": made, "Rights": rights}
    pdf = {"Title": name, "Subject": f"{made}, {rights}"}  # a PDF has no entry for rights
    # The salt is set here too, for a caller who did not choose the style.
    with mpl.rc_context({"svg.hashsalt": _STYLE["svg.hashsalt"]}):
        # The layout is found once, for both files and for the page.
        fig.draw_without_rendering()
        fig.set_layout_engine("none")
        _replace(folder / f"{name}.svg", lambda path: fig.savefig(path, metadata={**about, "Date": None}))
        _replace(folder / f"{name}.pdf", lambda path: fig.savefig(path, metadata={**pdf, "CreationDate": None}))
    if isinstance(data, pd.DataFrame):
        named = any(level is not None for level in data.index.names)
        _replace(
            folder / f"{name}.csv",
            lambda path: data.to_csv(path, index=named, float_format="%.10g", lineterminator="\n"),
        )
    else:
        said = {"title": name, "source": made, "license": rights}
        marked = data.assign_attrs({**said, **data.attrs})
        _replace(folder / f"{name}.nc", lambda path: marked.to_netcdf(path, engine="h5netcdf"))


def _without_unit(data):
    """Names of numeric columns, or of numeric variables and coordinates, that do not say their unit."""
    if isinstance(data, pd.DataFrame):
        return [str(name) for name in data if data[name].dtype.kind in "iufc" and not re.search(r"\(.+\)", str(name))]
    arrays = dict(data.variables) if isinstance(data, xr.Dataset) else {data.name: data, **data.coords}
    return [str(name) for name, array in arrays.items() if array.dtype.kind in "iufc" and not array.attrs.get("units")]


def _replace(path, write):
    """Let `write` fill a file that takes the place of `path`; an error names `path`."""
    try:
        with replacing(path) as temporary:
            write(temporary)
    except OSError as error:
        raise _failure(path, error) from error


def _failure(path, error):
    kept = "; the older file is kept" if path.is_file() else ""
    message = f"{path} cannot be written ({error.strerror or error}){kept}"
    # Writers of formats raise some errors of their own, without the system's number.
    return OSError(message) if error.errno is None else OSError(error.errno, message)
