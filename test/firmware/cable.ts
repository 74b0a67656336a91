import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"

/** The near end's bytes are this process's standard input and output, behind a first line with the terminal's name. */
const SCRIPT = `
import os, threading, tty
near, far = os.openpty()
tty.setraw(far)
os.write(1, (os.ttyname(far) + "\\n").encode())
def listen():
    while True:
        data = os.read(near, 65536)
        while data: data = data[os.write(1, data):]
threading.Thread(target=listen, daemon=True).start()
while True:
    data = os.read(0, 65536)
    if not data: break
    while data: data = data[os.write(near, data):]
`

/** A pseudo terminal with a chip at its other end. It has no wires for a reset. */
export class Cable {
  private constructor(
    private readonly process: ChildProcess,
    readonly path: string,
  ) {}

  static async open(onBytes: (bytes: Buffer) => void): Promise<Cable> {
    const process = spawn("python3", ["-c", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] })
    const [first] = (await once(process.stdout!, "data")) as [Buffer]
    process.stdout!.on("data", onBytes)
    // It may be pulled while bytes are under way.
    process.stdin!.on("error", () => {})
    return new Cable(process, first.toString().trim())
  }

  send(bytes: Buffer): void {
    this.process.stdin!.write(bytes)
  }

  pull(): void {
    this.process.kill("SIGKILL")
  }
}
