"""Hypothesis draws the same examples whatever a worker has loaded before."""

import importlib.util
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st


def _draws():
    drawn = []

    @given(st.floats(-1e6, 1e6))
    def collect(x):
        drawn.append(x)

    collect()
    return drawn


def test_examples_do_not_follow_the_constants_of_loaded_modules(tmp_path, pytestconfig):
    if pytestconfig.getoption("execute_pages"):
        pytest.skip("the long run draws them too")
    before = _draws()
    path = tmp_path / "module_with_constants.py"
    path.write_text("\n".join(f"A{i} = {1000 + i}.125" for i in range(500)))
    spec = importlib.util.spec_from_file_location("module_with_constants", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["module_with_constants"] = module
    try:
        spec.loader.exec_module(module)
        assert len(before) > 50 and _draws() == before
    finally:
        del sys.modules["module_with_constants"]
