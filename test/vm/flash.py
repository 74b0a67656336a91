"""An interpreter behind a pseudo terminal, started again whenever it ends, as a chip is by its reset: flash.py LINK INTERPRETER.
LINK becomes the name of the terminal. SIGUSR1 takes the power away and gives it back; SIGTERM takes it for good.

The Linux build fetches bytes in a thread where a chip has an interrupt, without a lock: its main loop must not run while bytes
arrive, or events are lost, or the whole ring comes again (2v29, targets/linux, jsdevices.c). So both have one core, and the thread
goes first there. Where that is not permitted (it takes root), the scheduler's slices are long enough nearly always."""

import os
import signal
import sys
import time
import tty

link, command = sys.argv[1], sys.argv[2]
near, far = os.openpty()
tty.setraw(far)
os.symlink(os.ttyname(far), link)
cores = sorted(os.sched_getaffinity(0))
core = cores[os.getpid() % len(cores)]
child = 0


def power(signum, _frame):
    try:
        if child:
            os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass  # It has just ended by itself.
    if signum == signal.SIGTERM:
        os._exit(0)


def has_ended():
    return os.waitpid(child, os.WNOHANG)[0] != 0


def wait_for_end():
    """Lets the thread that fetches go first, any but the main one, as soon as it is there; a child that ended at once never had it."""
    while not has_ended():
        threads = [int(name) for name in os.listdir(f"/proc/{child}/task") if int(name) != child]
        try:
            for thread in threads:
                os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            pass
        if threads:
            os.waitpid(child, 0)
            return
        time.sleep(0.001)


signal.signal(signal.SIGUSR1, power)
signal.signal(signal.SIGTERM, power)
# The master's end is the chip's: what opens LINK is the host's cable, and may be closed and opened at any time.
while os.getppid() != 1:
    child = os.fork()
    if child == 0:
        os.setsid()
        os.sched_setaffinity(0, {core})
        os.dup2(near, 0)
        os.dup2(near, 1)
        os.execv(command, [command])
    wait_for_end()
    time.sleep(0.05)
