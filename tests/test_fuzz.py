"""Bad arguments of every public function: each is refused by name, none hangs, fills the memory or gives NaN."""

import pytest
from fuzzing import modules, try_out


@pytest.mark.slow
@pytest.mark.parametrize("module", list(modules()))
def test_spoilt_arguments_are_refused_by_name(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # some values are good names of files
    record = try_out(module)
    assert not record.failures, f"{len(record.failures)} of {dict(record.counts)}"


def test_enough_inputs():
    """A count without calling: functions with an example times their arguments times the values."""
    assert len(list(modules())) > 60
