"""Files that only a host of the repository reads: they ask for what make and the environment offer."""

import re
import subprocess

import pytest
import yaml

from tools import run, setup_env

VERSIONS = [f"{setup_env.OLDEST[0]}.{minor}" for minor in range(setup_env.OLDEST[1], setup_env.NEWEST[1] + 1)]


def load(name):
    return yaml.safe_load((run.ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def jobs():
    return load(".github/workflows/book.yml")["jobs"]


def test_the_workflow_tries_every_python_that_the_environment_accepts(jobs):
    assert jobs["build"]["strategy"]["matrix"]["python"] == VERSIONS
    asked = [
        step["with"]["python-version"] for job in jobs.values() for step in job["steps"] if "setup-python" in str(step)
    ]
    assert asked == ["${{ matrix.python }}"]
    conditions = re.findall(r"matrix\.python == '([\d.]+)'", str(jobs))
    assert conditions and set(conditions) <= set(VERSIONS)


def test_the_workflow_runs_the_two_commands_that_make_offers(jobs):
    commands = [step["run"].split() for job in jobs.values() for step in job["steps"] if "run" in step]
    assert {command[0] for command in commands} == {"make"}
    targets = [command[1] for command in commands]
    assert {"book", "test"} <= set(targets)
    for target in targets:
        known = subprocess.run(
            ["make", "--dry-run", "--no-print-directory", target], cwd=run.ROOT, capture_output=True, text=True
        )
        assert known.returncode == 0, known.stderr


def test_only_the_main_branch_is_deployed_and_by_the_hosts_own_actions(jobs):
    used = [step["uses"].split("@") for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert all(name.startswith("actions/") and re.fullmatch(r"v\d+", version) for name, version in used)
    (upload,) = [step for step in jobs["build"]["steps"] if "upload-pages-artifact" in step.get("uses", "")]
    assert upload["with"]["path"] == "_build/html"
    for condition in (upload["if"], jobs["deploy"]["if"]):
        assert "github.ref == 'refs/heads/main'" in condition and "!= 'pull_request'" in condition
    assert jobs["deploy"]["needs"] == "build"


def test_binder_builds_a_python_that_the_environment_accepts():
    version = (run.ROOT / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert version in VERSIONS


def test_hooks_call_the_tools_of_the_environment():
    (repository,) = load(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    pinned = (run.ROOT / "requirements.in").read_text(encoding="utf-8")
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        tool = re.match(r"\.venv/bin/(\S+)", hook["entry"]).group(1)
        assert re.search(rf"^{tool}==", pinned, re.MULTILINE), tool
