import io
import os
import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure
from PIL import Image

from ehbook import plotting
from ehbook.plotting import light_png, save_figure, use_style


@pytest.fixture
def figure():
    fig = Figure()
    fig.subplots().plot([0, 1], [1, 0], label="$E$")
    return fig


TABLE = pd.DataFrame({"r_s (a_h)": [1.0, 2.0], "energy (Ha_h)": [1 / 3, -2e-7]})
LENGTH = {"units": "a_h"}
GRID = xr.Dataset(
    {"gap": (("d", "r_s"), np.eye(2), {"units": "eps_F"})},
    {"d": ("d", [0.5, 1.0], LENGTH), "r_s": ("r_s", [5.0, 7.0], LENGTH)},
)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("data", "suffix"), [(TABLE, "csv"), (GRID, "nc"), (GRID["gap"], "nc")])
def test_same_input_same_bytes(figure, tmp_path, data, suffix):
    for folder in ("first", "second"):
        assert save_figure(figure, "gap-1_a", data, tmp_path / folder) is None
    first = contents(tmp_path / "first")
    assert sorted(first) == sorted(["gap-1_a.svg", "gap-1_a.pdf", f"gap-1_a.{suffix}"])
    assert first == contents(tmp_path / "second")


def test_drawings_say_their_name_and_their_licence(figure, tmp_path):
    save_figure(figure, "gap", TABLE, tmp_path)
    drawn = (tmp_path / "gap.svg").read_text()
    assert "<dc:title>gap</dc:title>" in drawn and "<dc:source>ehbilayer " in drawn and "BSD-3-Clause" in drawn
    printed = (tmp_path / "gap.pdf").read_bytes()
    assert b"/Title (gap)" in printed and b"BSD-3-Clause" in printed


def test_data_survive(figure, tmp_path):
    save_figure(figure, "table", TABLE, tmp_path)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "table.csv"), TABLE, check_dtype=False, rtol=1e-9)
    save_figure(figure, "named", TABLE.set_index("r_s (a_h)"), tmp_path)
    assert (tmp_path / "named.csv").read_text().startswith("r_s (a_h),energy (Ha_h)\n1,0.3333333333\n")
    save_figure(figure, "grid", GRID, tmp_path)
    with xr.open_dataset(tmp_path / "grid.nc", engine="h5netcdf") as read:
        xr.testing.assert_identical(read.load().assign_attrs(dict.fromkeys(read.attrs)).drop_attrs(deep=False), GRID)
        assert read.attrs["title"] == "grid" and read.attrs["source"].startswith("ehbilayer ") and read.attrs["license"]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (TABLE.rename(columns={"r_s (a_h)": "r_s"}), "r_s"),
        (GRID.assign_coords(d=[0.5, 1.0]), "d"),
        (GRID.assign(gap=GRID.gap.drop_attrs()), "gap"),
        (GRID.gap.drop_attrs(deep=False), "gap"),
    ],
)
def test_numbers_without_unit_are_refused(figure, tmp_path, data, named):
    with pytest.raises(ValueError, match=rf"data = \[.*{re.escape(repr(named))}.*\] is not allowed: need a unit"):
        save_figure(figure, "a", data, tmp_path)
    assert not list(tmp_path.iterdir())


def test_words_and_pure_numbers_need_no_more(figure, tmp_path):
    save_figure(figure, "a", TABLE.assign(phase="liquid", **{"m_h/m_e (1)": 4.0, "eta (1/(nm K))": 1.0}), tmp_path)
    assert (tmp_path / "a.csv").exists()


def test_folder_by_default_and_by_variable(figure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(plotting.FOLDER_VARIABLE, raising=False)
    save_figure(figure, "a", TABLE)
    monkeypatch.setenv(plotting.FOLDER_VARIABLE, str(tmp_path / "elsewhere"))
    save_figure(figure, "b", TABLE)
    assert (tmp_path / "figures" / "a.svg").exists() and (tmp_path / "elsewhere" / "b.svg").exists()


def test_a_failed_write_keeps_the_old_file_and_no_half(figure, tmp_path, monkeypatch):
    save_figure(figure, "a", TABLE, tmp_path)
    before = contents(tmp_path)

    def break_off(path, **_):
        with open(path, "w") as file:
            file.write("half")
        raise OSError("No space left on device")

    monkeypatch.setattr(figure, "savefig", break_off)
    with pytest.raises(OSError, match="No space left"):
        save_figure(figure, "a", TABLE, tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["", "a b", "../a", "a.svg", "-a", "ä", 3])
def test_names_that_no_link_could_hold(figure, tmp_path, name):
    with pytest.raises(ValueError, match="name = .* is not allowed: need letters"):
        save_figure(figure, name, TABLE, tmp_path)


def test_wrong_arguments(figure, tmp_path):
    with pytest.raises(TypeError, match="fig = 1 is not allowed"):
        save_figure(1, "a", TABLE, tmp_path)
    with pytest.raises(TypeError, match="data is not allowed: .* got dict"):
        save_figure(figure, "a", {}, tmp_path)
    for empty in (pd.DataFrame(), xr.Dataset()):
        with pytest.raises(ValueError, match="data is not allowed: need at least one value"):
            save_figure(figure, "a", empty, tmp_path)
    assert not list(tmp_path.iterdir())


def luminance(colour):
    """Relative luminance of WCAG 2."""
    rgb = np.array(mpl.colors.to_rgb(colour))
    return np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def test_the_style_is_opaque_white_without_tex_and_its_colours_stand_out():
    with mpl.rc_context():
        use_style()
        assert mpl.colors.to_rgba(mpl.rcParams["figure.facecolor"]) == (1, 1, 1, 1)
        assert not mpl.rcParams["savefig.transparent"] and not mpl.rcParams["text.usetex"]
        cycle = [entry["color"] for entry in mpl.rcParams["axes.prop_cycle"]]
    assert len(set(cycle)) == 7
    # 2:1 and up; the first two colours, for which most figures need no more, reach 3:1.
    contrast = [1.05 / (luminance(colour) + 0.05) for colour in cycle]
    assert min(contrast) > 2 and min(contrast[:2]) > 3


def picture(fig):
    stream = io.BytesIO()
    fig.savefig(stream, format="png", facecolor="white", dpi=200)
    return stream.getvalue()


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_a_light_picture_looks_the_same():
    fig = Figure()
    left, right = fig.subplots(1, 2)
    left.pcolormesh(np.hypot(*np.mgrid[0:200, 0:200]), cmap="cividis", rasterized=True)
    for slope, color in enumerate(plotting.COLORS.values()):
        right.plot([0, 1], [0, slope], color=color)
    before = picture(fig)
    after = light_png(before)
    assert len(after) < 0.4 * len(before)
    off = abs(pixels(after) - pixels(before))
    # Where a step of one in 255 is not seen, and edges of letters may be off by more.
    assert off.mean() < 0.5 and np.percentile(off, 99) < 8
    assert (pixels(after)[(pixels(before) == 255).all(axis=-1)] == 255).all()


def test_a_picture_of_few_colours_is_kept():
    image, stream = Image.new("RGB", (32, 32), "white"), io.BytesIO()
    image.paste((213, 94, 0), (4, 4, 9, 9))
    image.save(stream, "PNG")
    np.testing.assert_array_equal(pixels(light_png(stream.getvalue())), pixels(stream.getvalue()))


IN_A_NOTEBOOK = """
import base64, io
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image
shell = InteractiveShell.instance()
import matplotlib.pyplot as plt
from ehbook.plotting import use_style
use_style()
fig, ax = plt.subplots()
ax.plot([0, 1])
data, about = shell.display_formatter.format(fig)
image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
print(image.mode, image.width - 2 * about["image/png"]["width"])
"""


def test_a_notebook_shows_light_pictures_at_twice_the_resolution(tmp_path):
    variables = {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "IPYTHONDIR": str(tmp_path)}
    command = [sys.executable, "-c", IN_A_NOTEBOOK]
    made = subprocess.run(command, capture_output=True, text=True, env=os.environ | variables, timeout=300)
    mode, off = made.stdout.split()
    assert mode == "P" and abs(int(off)) <= 1, made.stderr
