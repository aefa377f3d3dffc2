import os
import signal
import subprocess
import sys

import psutil
import pytest

from nmixx.processors import start_workers, usable_processors

SCRIPT = """
import os, sys
from nmixx.processors import start_workers

if __name__ == "__main__":
    pool = start_workers(1)
    print(pool.submit(os.getpid).result(), flush=True)
    sys.stdin.read()
"""


def test_workers_are_other_processes_and_end_with_their_pool():
    with start_workers(1) as pool:
        worker = psutil.Process(pool.submit(os.getpid).result())
        assert worker.pid != os.getpid()
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(worker.pid).status()


def test_workers_end_with_a_killed_parent(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        worker = psutil.Process(int(parent.stdout.readline()))
        assert worker.is_running()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        _, alive = psutil.wait_procs([worker], timeout=30)
    assert alive == []


def test_no_more_processors_are_usable_than_the_process_may_run_on():
    assert 1 <= usable_processors() <= os.cpu_count()
