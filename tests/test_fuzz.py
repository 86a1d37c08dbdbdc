"""Bad arguments of every public function: each is refused by name, none hangs, fills the memory or gives NaN."""

import pytest
from fuzzing import modules, try_out_alone


@pytest.mark.slow
@pytest.mark.parametrize("module", list(modules()))
def test_spoilt_arguments_are_refused_by_name(module, tmp_path):
    record = try_out_alone(module, tmp_path)  # in a folder of its own: some values are good names of files
    assert not record.failures, f"{len(record.failures)} of {dict(record.counts)}"
    assert record.counts["inputs"] + record.counts["left out"] > 30 or not record.counts["callables"]
