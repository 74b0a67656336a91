"""An interpreter behind a pseudo terminal, started again whenever it ends, as a chip is by its reset: flash.py LINK INTERPRETER.
LINK becomes the name of the terminal. SIGUSR1 takes the power away and gives it back; SIGTERM takes it for good.

The Linux build fetches bytes in a thread that appends to the event which the main loop may be taking: then events are lost, or the
whole ring comes again (2v29, targets/linux). So bytes come when the main loop has just gone to sleep, for 50 ms as it does, and one
by one at the pace of 115200 baud when it never sleeps: each is taken before the next."""

import os
import select
import signal
import sys
import time
import tty

BYTE_S = 10 / 115200

link, command = sys.argv[1], sys.argv[2]
near, far = os.openpty()
tty.setraw(far)
child = 0


def power(signum, _frame):
    if child:
        os.kill(child, signal.SIGKILL)
    if signum == signal.SIGTERM:
        os._exit(0)


def start():
    fetched, fed = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(fetched, 0)
        os.dup2(near, 1)
        os.close(fed)
        os.execv(command, [command])
    os.close(fetched)
    return pid, fed


def slices():
    """How often the main loop was scheduled, and whether it sleeps."""
    with open(f"/proc/{child}/task/{child}/schedstat") as file:
        count = file.read().split()[2]
    with open(f"/proc/{child}/task/{child}/stat") as file:
        return count, file.read().rsplit(")", 1)[1].split()[0] == "S"


def has_gone_to_sleep():
    global is_awake
    try:
        before = slices()[0]
        until = time.monotonic() + 0.12
        while time.monotonic() < until:
            time.sleep(0.0005)
            count, is_asleep = slices()
            if is_asleep and count != before:
                is_awake = False
                return True
        is_awake = True
    except OSError:
        is_awake = False
    return False


is_awake = False
signal.signal(signal.SIGUSR1, power)
signal.signal(signal.SIGTERM, power)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
child, fed = start()
os.symlink(os.ttyname(far), link)
# What is still here when the board restarts was on the wire, and reaches it afterwards.
waiting = b""
while os.getppid() != 1:
    if os.waitpid(child, os.WNOHANG)[0]:
        os.close(fed)
        time.sleep(0.05)
        child, fed = start()
    if not waiting and select.select([near], [], [], 0.02)[0]:
        waiting = os.read(near, 4096)
    try:
        if waiting and has_gone_to_sleep():
            waiting = waiting[os.write(fed, waiting) :]
        while waiting and is_awake:
            os.write(fed, waiting[:1])
            waiting = waiting[1:]
            time.sleep(BYTE_S)
    except BrokenPipeError:
        pass
