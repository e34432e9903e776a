"""Transparent mode with a real redirection by the kernel, in a network namespace of its own."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.given import ROOT
from tests.intake.redirected import CANNOT


def test_redirected_connections_are_judged_by_name() -> None:
    """A client that dials the recipient reaches the gateway, which finds out where it wanted to go, and judges that."""
    missing = [tool for tool in ("unshare", "ip", "iptables") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if os.geteuid() != 0:
        pytest.skip("only root may redirect connections")
    if subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us have a network namespace")
    command = ["unshare", "--net", sys.executable, "-m", "tests.intake.redirected"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    if done.returncode == CANNOT:
        pytest.skip(f"this kernel does not redirect: {done.stderr.strip()[:200]}")
    assert done.returncode == 0, done.stderr[-3000:]
