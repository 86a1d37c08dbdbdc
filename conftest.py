"""Settings for every test: the project's environment, no windows, what nbval does not compare."""

import pytest
from hypothesis import settings
from tools import run

run.prepare()

# The same examples on every run; the first call of a kernel may spend seconds compiling.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")


@pytest.fixture(autouse=True, scope="session")
def _no_windows():
    import matplotlib

    matplotlib.use("Agg")


def pytest_collectstart(collector):
    # Images differ between machines, and the HTML of xarray and pandas carries random ids.
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += (
            "text/html",
            "image/svg+xml",
            "application/papermill.record/image/png",
            "application/papermill.record/text/html",
        )
