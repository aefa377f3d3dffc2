import os
import signal
import subprocess
import sys

import psutil
import pytest

from nmixx.processors import start_workers, usable_processors

SCRIPT = """
import os, signal, sys
from nmixx.processors import start_workers

if __name__ == "__main__":
    # As a shell's foreground gives it; what a shell starts in the background ignores Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with start_workers(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(signal.pause)
        sys.stdin.read()
"""


def test_workers_are_other_processes_and_end_with_their_pool():
    with start_workers(1) as pool:
        worker = psutil.Process(pool.submit(os.getpid).result())
        assert worker.pid != os.getpid()
    with pytest.raises(psutil.NoSuchProcess):
        psutil.Process(worker.pid).status()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_a_parent_that_is_killed_or_interrupted(tmp_path, number):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        worker = psutil.Process(int(parent.stdout.readline()))
        assert worker.is_running()
        parent.send_signal(number)
        try:
            parent.wait(timeout=30)
        finally:
            parent.kill()  # else leaving the block would wait for it
        _, alive = psutil.wait_procs([worker], timeout=30)
    assert alive == []


def test_no_more_processors_are_usable_than_the_process_may_run_on():
    assert 1 <= usable_processors() <= os.cpu_count()


def test_an_error_in_the_block_ends_workers_in_the_middle_of_their_work():
    with pytest.raises(ValueError, match="enough"), start_workers(1) as pool:
        worker = psutil.Process(pool.submit(os.getpid).result())
        pool.submit(signal.pause)
        raise ValueError("enough")
    _, alive = psutil.wait_procs([worker], timeout=30)
    assert alive == []
