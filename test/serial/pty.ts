import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { once } from "node:events"

export const WHY_NO_PTY = spawnSync("python3", ["-c", "import pty, tty"]).status === 0 ? undefined : "no python3"

/** The near end's bytes are this process's standard input and output, as text of two digits a byte: a line is a write. */
const SCRIPT = `
import os, sys, threading, tty
near, far = os.openpty()
tty.setraw(far)
print(os.ttyname(far), flush=True)
def listen():
    while True:
        print(os.read(near, 4096).hex(), flush=True)
threading.Thread(target=listen, daemon=True).start()
for line in sys.stdin:
    os.write(near, bytes.fromhex(line))
`

/** A pseudo terminal: its path, and what stands at the other end of the cable. */
export class Pty {
  /** Bytes that came over the cable. */
  heard = ""

  private constructor(
    private readonly process: ChildProcess,
    readonly path: string,
  ) {}

  static async open(): Promise<Pty> {
    const process = spawn("python3", ["-c", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] })
    process.stdout!.setEncoding("latin1")
    const [first] = (await once(process.stdout!, "data")) as [string]
    const pty = new Pty(process, first.trim())
    process.stdout!.on(
      "data",
      (hex: string) => (pty.heard += Buffer.from(hex.replaceAll("\n", ""), "hex").toString("latin1")),
    )
    return pty
  }

  send(bytes: string): void {
    this.process.stdin!.write(`${Buffer.from(bytes, "latin1").toString("hex")}\n`)
  }

  /** The cable is pulled. */
  close(): void {
    this.process.kill("SIGKILL")
  }
}
