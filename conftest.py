"""Settings for every test: the project's environment, no windows, what nbval does not compare."""

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from nbval.plugin import IPyNbFile

from tools import replay, run

run.prepare()
# A build of the book that runs at the same time keeps its own figures.
os.environ["EHBILAYER_FIGURES"] = str(run.CACHE / "figures-of-tests")

# The same examples on every run; the first call of a kernel may spend seconds compiling.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")


def pytest_configure(config):
    # Hypothesis also tries constants of the modules that a worker has loaded by then, which follow the order of the
    # tests; there is no setting for that. The long run keeps them.
    if not config.getoption("execute_pages", False):
        providers.is_local_module_file = lambda path: False


@pytest.fixture(autouse=True, scope="session")
def _no_windows():
    # The library's own tests also run where nothing can be drawn. The variable MPLBACKEND would reach the notebooks'
    # kernels, which then show no figure.
    if find_spec("matplotlib"):
        import matplotlib

        matplotlib.use("Agg")


@pytest.fixture
def read_only():
    """A folder, and a function that makes one read-only for the rest of the test, for the superuser too."""
    parent = Path(tempfile.mkdtemp(prefix="read-only-"))
    parent.chmod(0o755)
    privileged = os.geteuid() == 0
    closed = []

    def close(folder):
        closed.append(folder)
        folder.chmod(0o555)
        if privileged:
            # The superuser may write everywhere, so the test goes on as nobody.
            try:
                os.seteuid(65534)
            except OSError:
                pytest.skip("this superuser cannot become another user")
        if os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            pytest.skip("this user may write everywhere")

    yield parent, close
    if privileged:
        os.seteuid(0)
    for folder in closed:
        folder.chmod(0o755)
    shutil.rmtree(parent)


def pytest_addoption(parser):
    parser.addoption("--execute-pages", action="store_true", help="execute notebooks also where the build has done so")


def pytest_collectstart(collector):
    if isinstance(collector, IPyNbFile):
        _prefer_executed_copy(collector)
        # Images differ between machines, and the HTML of xarray and pandas carries random ids.
        collector.skip_compare += (
            "text/html",
            "image/svg+xml",
            "application/papermill.record/image/png",
            "application/papermill.record/text/html",
        )


def _prefer_executed_copy(collector):
    """Give nbval the outputs of the build, where there are any, in place of a kernel."""
    start = collector.setup

    def setup():
        copy = None if collector.config.option.execute_pages else replay.executed(collector.path)
        if copy is None:
            start()
        else:
            collector.kernel = replay.Replay(copy)
            collector.setup_sanitize_files()

    collector.setup = setup
