"""An interpreter behind a pseudo terminal, started again whenever it ends, as a chip is by its reset: flash.py LINK INTERPRETER.
LINK becomes the name of the terminal. SIGUSR1 takes the power away and gives it back; SIGTERM takes it for good.

Bytes go to the interpreter one by one, no faster than at 115200 baud. The Linux build fetches them in a thread that appends to
the event which the main loop may be taking: in bursts, events are lost or the whole ring comes again (2v29, targets/linux)."""

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
    for at in range(len(waiting)):
        try:
            os.write(fed, waiting[at : at + 1])
        except BrokenPipeError:
            waiting = waiting[at:]
            break
        time.sleep(BYTE_S)
    else:
        waiting = b""
