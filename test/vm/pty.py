"""Runs an interpreter with a pseudo terminal for its console, as a USB chip gives a board one: pty.py LINK COMMAND [ARGUMENT...].
LINK becomes the name of the terminal; the program starts when somebody has written LINK.go. With arguments it just runs."""

import os
import sys
import time
import tty

link, command = sys.argv[1], sys.argv[2:]
if len(command) == 1:
    near, far = os.openpty()
    tty.setraw(far)
    os.symlink(os.ttyname(far), link)
    while not os.path.exists(link + ".go"):
        time.sleep(0.01)
    # The far end stays open here, or the terminal would hang up when its reader ends.
    os.set_inheritable(far, True)
    os.dup2(near, 0)
    os.dup2(near, 1)
os.execvp(command[0], command)
