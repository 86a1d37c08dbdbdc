"""Every notebook run through papermill with other parameters, at reduced size: what the stored outputs do not cover."""

import nbformat
import pytest
import yaml

from ehbook.claims import VerdictTable
from tools import refresh, rerun, run

#: For each notebook one set of parameters, as `make rerun` takes them: other physics where cheap, smaller grids else.
REDUCED = {
    "01-bilayer": "mass_ratio=4 m_h=0.6 eps_r=8",
    "02-hartree-fock": "mesh=4 meshes='[4, 6]' cutoffs='[1.0, 1.5]' reference_cutoff=2.0 cutoff_r_s='[10.0]'",
    "03-el-hc": "mass_ratio=8 cutoff=2.0 supercell_cutoff=1.5",
    "04-phase-diagrams": "spacings='[1.0, 3.0]' mass_ratios='[2.0, 10.0]' density_points=6 cut_points=2",
    "05-condensate": "mass_ratio=2 r_s=4 mesh=4",
    "06-gallery": "cutoff=1.25 tolerance=1e-3 low_density=0.12",
    "07-compressibility": "mesh=4 r_s=1.2",
    "08-pairing": "points=24 alpha=0.35",
    "09-beyond-bcs": "alpha=0.25 eps_r=6",
    "10-correlated-layers": "ratios='[10.0, 30.0]' spacings='[0.7, 2.0]' spacing=1.5",
    "20-spin-orbit-bilayer": "B=2 strong_B=10",
    "21-ginzburg-landau": "T=0.8 convention=balanced",
    "22-diode": "B=2 T=0.8 k_step=1.0 q_step=0.1",
    "23-beyond-ginzburg-landau": "B=6 imbalances='[0.1]' layer_fields='[6.0]' layer_imbalances='[0.0, 0.1]' "
    "layer_temperatures='[0.5]' form_fields='[6.0]'",
    "30-drag-derivation": "T=20 seed=2",
    "31-drag-numbers": "T=20 d=30",
    "32-one-device": "d=25 J=6",
    "33-one-interaction": "J=6 B=6 dirty=2e-12",
    "40-your-device": "m_h=0.6 density=4e11 densities='[4e11, 1e12]' spacings='[10.0, 30.0]' "
    "temperatures='[4.0, 10.0]' fields='[0.0, 5.0]'",
    "81-real-axis": "alpha=0.35",
    "82-dynamic-rpa": "mass_ratio=20 eps_r=6",
    "80-performance": "repeats=1 twin_repeats=1 seconds=0.1 long_cases=false peer_threads=1",
}


def test_every_notebook_of_the_book_has_another_set_of_parameters():
    toc = yaml.safe_load((run.ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = {chapter["file"] for part in toc["parts"] for chapter in part["chapters"]}
    notebooks = {name for name in listed if not (refresh.BOOK / f"{name}.md").exists()}
    assert notebooks == set(REDUCED)
    for name, text in REDUCED.items():
        path = refresh.BOOK / f"{name}.ipynb"
        stored = rerun.defaults(path)
        assert any(stored[parameter] != value for parameter, value in rerun.parameters(path, text).items()), name


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(REDUCED))
def test_a_notebook_runs_with_other_parameters(name, tmp_path, monkeypatch):
    monkeypatch.setenv("EHBILAYER_FIGURES", "")
    path = refresh.BOOK / f"{name}.ipynb"
    before = path.read_bytes()
    values = rerun.parameters(path, REDUCED[name])
    cells = nbformat.read(rerun.execute(path, values, tmp_path), as_version=4).cells
    assert path.read_bytes() == before
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    injected = [cell for cell in code if "injected-parameters" in cell.metadata.get("tags", [])]
    assert len(injected) == 1
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    # Claims are judged with any parameters.
    judged = sum(len(output.get("data", {}).get(VerdictTable.MIME_TYPE, ())) for output in outputs)
    assert judged or "VerdictTable(" not in "".join(cell.source for cell in code)
    # Each figure is there, in every format that the page offers.
    labels = [cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in code]
    names = [label.removeprefix("fig-") for label in labels if label]
    written = {path.name for path in (tmp_path / "figures").iterdir() if path.stat().st_size}
    assert names and not [name for name in names if not {f"{name}.svg", f"{name}.pdf"} <= written]
    assert not [name for name in names if not {f"{name}.csv", f"{name}.nc"} & written]
