"""The benchmarks themselves: what is compared and counted, never how fast."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import bench_diode, bench_drag, bench_peers, limits
from benchmarks.timing import Case, measure
from ehbilayer.diode.momentum_grid import momentum_grid


def counted(result):
    calls = []
    return calls, lambda: calls.append(1) or result


def test_repeats_end_with_their_number_or_their_time():
    for options, expected in (({"repeats": 4}, 4), ({"repeats": 4, "seconds": 1e-9}, 1)):
        calls, run = counted(1.0)
        row = measure(Case("a", run), **options)
        assert len(calls) == 1 + expected and row["ours (ms)"] >= 0
    calls, run = counted(1.0)
    measure(Case("a", run, once=True))
    assert len(calls) == 1


def test_a_twin_must_agree():
    row = measure(
        Case("a", lambda: np.array([1.0, 2.0]), lambda: np.array([1.0, 2.0 + 1e-10])), repeats=1, twin_repeats=1
    )
    assert row["difference"] == pytest.approx(5e-11, rel=1e-3)
    with pytest.raises(AssertionError):
        measure(Case("a", lambda: 1.0, lambda: 1.0 + 1e-8))
    assert measure(Case("a", lambda: 1.0, lambda: 1.0 + 1e-8, rtol=1e-7))["difference"] > 0


def test_long_cases_can_be_left_out(monkeypatch):
    monkeypatch.setattr(
        bench_peers, "cases", lambda: [Case("short", lambda: 1.0), Case("long", lambda: 1.0, once=True)]
    )
    assert list(benchmarks.collect(["peers"])["case"]) == ["short", "long"]
    assert list(benchmarks.collect(["peers"], long=False)["case"]) == ["short"]


@pytest.mark.parametrize("case", bench_peers.cases(), ids=lambda case: case.name)
def test_the_peers_agree(case):
    np.testing.assert_allclose(case.twin(), case.run(), rtol=case.rtol)


def test_work_is_counted_within_its_bounds():
    grid = momentum_grid(bench_diode.BANDS, bench_diode.T, (-0.4, 0.8))
    momenta = grid.p.size * len(grid.half_circle()[0])
    assert momenta < bench_diode.exponentials(bench_diode.BANDS, grid, 0.2, bench_diode.T) <= 3 * momenta
    _, q, p, k = bench_drag.transverse_grid()
    assert 0.1 < bench_drag.transverse_exponentials() / (2 * q.size * p.size * k.size) < 1


def test_limits_are_rates():
    rates = [
        limits.exponential_rate(repeats=2),
        limits.memory_rate(size=1000, repeats=2),
        1 / limits.durable_file_seconds(b"x", count=2),
    ]
    assert np.isfinite(rates).all() and min(rates) > 0


def test_bounds_count_the_work_of_what_was_timed(monkeypatch):
    for name, rate in (("exponential_rate", 1e9), ("memory_rate", 1e10), ("durable_file_seconds", 1e-3)):
        monkeypatch.setattr(limits, name, lambda *_, value=rate: value)
    monkeypatch.setattr(limits, "fft_seconds", lambda shape: 1e-6)
    monkeypatch.setattr(limits, "product_rate", lambda *shape: 1e10)
    monkeypatch.setattr(limits.kernels, "costly", lambda: [(Case("a kernel", lambda: None), 2000)])
    timed = pd.DataFrame(
        [
            {"case": "supercell functional and gradient", "N": 36, "ours (ms)": 50.0},
            {"case": "α and β at one q, default", "N": np.nan, "ours (ms)": 2.0},
            {"case": "something else", "N": np.nan, "ours (ms)": 1.0},
        ]
    )
    rows, found = limits.bounds(timed)
    assert list(rows["case"]) == [timed["case"][0], timed["case"][1], timed["case"][1], "a kernel"]
    _, transforms = limits.supercell_transforms(6)
    assert rows["limit (ms)"][0] == pytest.approx(1e3 * transforms * 1e-6)
    assert rows["limit (ms)"][1] == pytest.approx(1e3 * found["exponentials"] / 1e9)
    assert rows["limit (ms)"][3] == pytest.approx(2e-3)
    assert list(rows["ours (ms)"][:3]) == [50.0, 2.0, 2.0] and found["fft (us)"] == pytest.approx(1.0)
    assert 1 < found["exponentials"] / found["points"] <= 3
