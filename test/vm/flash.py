"""An interpreter behind a pseudo terminal, started again whenever it ends, as a chip is by its reset: flash.py LINK INTERPRETER.
LINK becomes the name of the terminal. SIGUSR1 takes the power away and gives it back; SIGTERM takes it for good."""

import os
import signal
import sys
import time
import tty

link, command = sys.argv[1], sys.argv[2]
near, far = os.openpty()
tty.setraw(far)
os.symlink(os.ttyname(far), link)
child = 0


def power(signum, _frame):
    if child:
        os.kill(child, signal.SIGKILL)
    if signum == signal.SIGTERM:
        os._exit(0)


signal.signal(signal.SIGUSR1, power)
signal.signal(signal.SIGTERM, power)
# The master's end is the chip's: what opens LINK is the host's cable, and may be closed and opened at any time.
while os.getppid() != 1:
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(near, 0)
        os.dup2(near, 1)
        os.execv(command, [command])
    os.waitpid(child, 0)
    time.sleep(0.05)
