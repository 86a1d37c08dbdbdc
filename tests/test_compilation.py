"""Machine code on disk never outlives the sources that it was made from, however the library is started."""

import re
from pathlib import Path

import pytest
from edited_copy import EditedCopy

import ehbilayer
from ehbilayer.compilation import kernel

PLAIN = """
    from ehbilayer.probe.high import shifted
    print(shifted(1.0), sum(shifted.stats.cache_hits.values()))
"""
SPAWN = """
    import multiprocessing
    from ehbilayer.probe.high import point
    if __name__ == "__main__":
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(*pool.map(point, [1.0]))
"""
SWEEP = """
    import sys
    from ehbilayer.probe.high import point
    from ehbilayer.sweep import sweep
    if __name__ == "__main__":
        ds = sweep(point, {"x": [1.0]}, store="s", executor=sys.argv[1], workers=1, progress=False)
        print(*ds.point.values.tolist())
"""


@pytest.fixture
def copy(tmp_path):
    return EditedCopy(tmp_path)


@pytest.mark.parametrize("script", ["plain", "spawn", "serial", "processes"])
def test_an_edit_of_what_a_kernel_calls_changes_the_next_result(copy, script):
    def result():
        if script == "plain":
            return copy.run(PLAIN).split()[0]
        return copy.run(SPAWN) if script == "spawn" else copy.run(SWEEP, script)

    assert result() == "3.0"
    copy.edit("low.py", "FACTOR * x", "5.0 * x")
    assert result() == "6.0"
    copy.edit("low.py", "5.0 * x", "FACTOR * x")
    copy.edit("constants.py", "2.0", "6.0")
    assert result() == "7.0"
    copy.edit("constants.py", "6.0", "2.0")
    assert result() == "3.0"


def test_nothing_is_compiled_again_that_an_edit_does_not_concern(copy):
    assert copy.run(PLAIN) == "3.0 0"
    kept = copy.kernels()
    assert kept and copy.run(PLAIN) == "3.0 1" and copy.kernels() == kept
    copy.edit("unrelated.py", "return x", "return 7.0 * x")
    copy.edit("__init__.py", "call each other", "call one another")
    assert copy.run("from ehbilayer.probe.unrelated import other\nprint(other(1.0))") == "7.0"
    (other,) = set(copy.kernels()) - set(kept)
    assert other.name.startswith("unrelated.")


def test_a_package_runs_before_its_modules(copy):
    assert copy.run(PLAIN) == "3.0 0"
    copy.edit("__init__.py", '"""\n', '"""\n\nTHREE = 3.0\n')
    assert copy.run(PLAIN) == "3.0 0", "its code may change what the modules do"


def test_processes_from_before_and_after_an_edit_do_not_exchange_machine_code(copy):
    waiting = """
        from ehbilayer.probe.high import shifted
        print("ready", flush=True)
        input()
        print(shifted(1.0), flush=True)
    """
    with copy.start(waiting) as before:
        assert before.stdout.readline() == "ready\n"
        copy.edit("constants.py", "2.0", "5.0")
        assert copy.run(PLAIN) == "6.0 0"
        # It has the old constant in memory and compiles only now.
        assert before.communicate("\n", timeout=600)[0] == "3.0\n"
    assert copy.run(PLAIN) == "6.0 1"
    copy.edit("constants.py", "5.0", "2.0")
    assert copy.run(PLAIN) == "3.0 1"


def test_a_process_that_mixes_both_keeps_its_kernels_to_itself(copy):
    mixing = """
        from ehbilayer.probe.low import scale
        print("ready", flush=True)
        input()
        from ehbilayer.probe.high import shifted
        print(shifted(1.0), flush=True)
    """
    with copy.start(mixing) as before:
        assert before.stdout.readline() == "ready\n"
        copy.edit("constants.py", "2.0", "5.0")
        assert before.communicate("\n", timeout=600)[0] == "3.0\n"
    assert copy.run(PLAIN) == "6.0 0"
    copy.edit("constants.py", "5.0", "2.0")
    assert copy.run(PLAIN) == "3.0 0", "code of a mixture was taken for that of the old sources"


def test_the_users_place_is_respected(copy, tmp_path):
    place = tmp_path / "mine"
    assert copy.run(PLAIN, NUMBA_CACHE_DIR=str(place)) == "3.0 0"
    assert copy.kernels(place) and not copy.kernels()
    copy.edit("constants.py", "2.0", "5.0")
    assert copy.run(PLAIN, NUMBA_CACHE_DIR=str(place)) == "6.0 0"
    assert copy.run(PLAIN, NUMBA_CACHE_DIR=str(place)) == "6.0 1"


def test_a_library_beside_which_nothing_can_be_written(copy, tmp_path):
    (copy.library / "__pycache__").touch()  # stops the superuser, too
    user = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    assert [copy.run(PLAIN, **user) for _ in range(2)] == ["3.0 0", "3.0 1"]
    copy.edit("constants.py", "2.0", "5.0")
    assert copy.run(PLAIN, **user) == "6.0 0"
    (tmp_path / "file").touch()
    nowhere = dict.fromkeys(user, str(tmp_path / "file" / "below"))
    assert [copy.run(PLAIN, **nowhere) for _ in range(2)] == ["6.0 0", "6.0 0"]


def test_a_folder_of_any_name_and_nobodys_home(tmp_path):
    copy = EditedCopy(tmp_path / "Größe 1 (neu)")
    nobody = {"HOME": "/nonexistent", "XDG_CACHE_HOME": ""}
    assert [copy.run(PLAIN, **nobody) for _ in range(2)] == ["3.0 0", "3.0 1"]
    assert copy.run(SWEEP, "processes", **nobody) == "3.0"


def test_old_kernels_that_nobody_uses_are_removed(copy):
    import os

    assert copy.run(PLAIN) == "3.0 0"
    old = {file.parent for file in copy.kernels()}
    for folder in old:
        os.utime(folder, (0, 0))
    copy.edit("constants.py", "2.0", "5.0")
    assert copy.run(PLAIN) == "6.0 0"
    assert not any(folder.exists() for folder in old)


def test_a_kernel_of_somebody_else_is_not_kept():
    @kernel
    def twice(x):
        return 2 * x

    assert twice(1.5) == 3.0 and not twice.stats.cache_path


def test_no_module_compiles_behind_its_back():
    folder = Path(ehbilayer.__file__).parent
    decorated = r"@(numba\.)?(njit|jit|vectorize|guvectorize|cfunc|stencil|generated_jit)\b|\b(njit|jit)\(|cache=True"
    found = {
        path.name
        for path in folder.rglob("*.py")
        if path.name != "compilation.py" and re.search(decorated, path.read_text(encoding="utf-8"))
    }
    assert not found


def test_a_kernel_keeps_its_order_of_operations_whoever_calls_it_first():
    @kernel
    def rounded(x):
        return (x + 1e16) - 1e16

    @kernel(fastmath={"reassoc", "nsz"})
    def caller(x):
        return rounded(x)

    assert caller(0.3) == 0.0 and rounded(0.3) == 0.0
