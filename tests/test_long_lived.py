"""Stale code under what outlives an edit: kernels of notebooks and workers of a cluster give no number of a mixture."""

import contextlib

import pytest
from edited_copy import EditedCopy

POINT = "from ehbilayer.probe.high import shifted\nprint(shifted(1.0), sum(shifted.stats.cache_hits.values()))"
SWEEP = """
from ehbilayer.probe.high import point
from ehbilayer.sweep import sweep
print(sweep(point, {"x": [1.0]}, store="s", executor=EXECUTOR, workers=1, progress=False).point.item())
"""
RELOAD = """
import importlib
from ehbilayer.probe import constants, high, low
for module in (constants, low, high):
    importlib.reload(module)
from ehbilayer.probe.high import shifted
print(shifted(1.0), sum(shifted.stats.cache_hits.values()))
"""
CLUSTER = """
    from distributed import LocalCluster
    if __name__ == "__main__":
        with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
            print(cluster.scheduler_address, flush=True)
            input()
"""
OF_CLUSTER = f"import sys\n{SWEEP}".replace("EXECUTOR", "sys.argv[1]")


@pytest.fixture
def copy(tmp_path):
    return EditedCopy(tmp_path)


class Notebook:
    """A kernel of the copy's user, as Jupyter starts it."""

    def __init__(self, copy):
        client = pytest.importorskip("jupyter_client")
        pytest.importorskip("ipykernel")
        self.manager = client.KernelManager()
        environment = copy.environment(IPYTHONDIR=str(copy.folder / "ipython"))
        arguments = ["--HistoryManager.enabled=False"]
        self.manager.start_kernel(env=environment, cwd=str(copy.folder), extra_arguments=arguments)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=600)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, cell):
        """What a cell prints, or the name and the message of its error."""
        printed = []

        def collect(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                printed.append(content["text"])
            elif message["msg_type"] == "error":
                printed.append(f"{content['ename']}: {content['evalue']}")

        self.client.execute_interactive(cell, timeout=600, output_hook=collect)
        return "".join(printed).strip()


def swept(executor):
    return SWEEP.replace("EXECUTOR", executor)


def test_a_kernel_that_is_started_again_has_the_edited_code(copy):
    with Notebook(copy) as notebook:
        assert [notebook.run(cell) for cell in (POINT, swept("None"))] == ["3.0 0", "3.0"]
    copy.edit("constants.py", "2.0", "5.0")
    with Notebook(copy) as notebook:
        cells = POINT, swept("'serial'"), swept("None")
        assert [notebook.run(cell) for cell in cells] == ["6.0 0", "6.0", "6.0"]


def test_a_kernel_that_runs_during_an_edit_stores_nothing_of_its_own(copy):
    refused = "SweepError: ehbilayer.probe.constants was edited after this process had imported it: start Python again"
    with Notebook(copy) as notebook:
        notebook.run("from ehbilayer.probe.low import scale")
        copy.edit("constants.py", "2.0", "5.0")
        # What is compiled now has the constant that the kernel has imported; nobody else may take it from the disk.
        assert [notebook.run(cell) for cell in (POINT, swept("'serial'"))] == ["3.0 0", refused]
        assert [notebook.run(cell) for cell in (RELOAD, swept("'serial'"))] == ["6.0 0", refused]
        assert not list((copy.folder / "s").glob("*/[!.]*"))
        # Workers start with the edited code, under its key.
        assert notebook.run(swept("None")) == "6.0"
    copy.edit("constants.py", "5.0", "2.0")
    assert copy.run(POINT) == "3.0 0", "what the kernel had made of reloaded modules was taken for the old code"


@contextlib.contextmanager
def cluster(copy):
    """Address of a scheduler with one worker, which end with the block."""
    pytest.importorskip("distributed")
    with copy.start(CLUSTER) as process:
        yield process.stdout.readline().strip()
        process.communicate("\n", timeout=600)


@pytest.mark.slow
def test_workers_of_a_cluster_that_have_seen_other_code_are_refused(copy):
    def result(address):
        with copy.start(OF_CLUSTER, address) as process:
            return process.communicate(timeout=600)

    with cluster(copy) as address:
        assert result(address) == ("3.0\n", "")
        copy.edit("constants.py", "2.0", "5.0")
        printed, said = result(address)
        assert not printed and "SweepError: a process that computes ehbilayer.probe.high:point runs other" in said
    (stored,) = (copy.folder / "s").glob("*/[!.]*")
    with cluster(copy) as address:
        assert result(address) == ("6.0\n", "")
    assert len(set((copy.folder / "s").glob("*/[!.]*")) - {stored}) == 1
