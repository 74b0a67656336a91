import { spawn, type ChildProcess } from "node:child_process"
import { createServer, type Socket } from "node:net"

/** Where another program finds a board's console; byte strings. */
export interface Terminal {
  /** A pseudo terminal, or tcp://127.0.0.1:PORT where this machine has nothing that makes one. */
  readonly path: string
  onData(run: (bytes: string) => void): void
  write(bytes: string): void
  close(): void
}

type Way = () => Promise<Terminal | undefined>

/** Node has no pseudo terminals of its own, and a native module for one is more than a simulator should ask for. */
export async function openTerminal(ways: readonly Way[] = [byPython, bySocat, byTcp]): Promise<Terminal> {
  for (const way of ways) {
    const terminal = await way()
    if (terminal) return terminal
  }
  throw new Error("there is no way to a terminal")
}

/** Keeps the far end open, too: a reader that leaves must not hang it up. Ends with its own input. */
const PYTHON = `
import os, sys, tty, select
near, far = os.openpty()
tty.setraw(far)
sys.stderr.write(os.ttyname(far) + "\\n"); sys.stderr.flush()
while True:
    for ready in select.select([near, 0], [], [])[0]:
        data = os.read(ready, 4096)
        if not data: sys.exit(0)
        out = 1 if ready == near else near
        while data: data = data[os.write(out, data):]
`

export const byPython: Way = () => byHelper("python3", ["-c", PYTHON], /^(\/dev\/\S+)/m)
export const bySocat: Way = () => byHelper("socat", ["-d", "-d", "pty,raw,echo=0", "stdio"], /PTY is (\/dev\/\S+)/)

/** A program that names its terminal on stderr and carries bytes between it and its own input and output. */
function byHelper(command: string, args: string[], named: RegExp): Promise<Terminal | undefined> {
  const helper = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] })
  let said = ""
  return new Promise((resolve) => {
    helper.on("error", () => resolve(undefined))
    helper.on("exit", () => resolve(undefined))
    helper.stdin!.on("error", () => {})
    helper.stderr!.setEncoding("utf8").on("data", (text: string) => {
      const [, path] = named.exec((said += text)) ?? []
      if (path) resolve(terminalOf(helper, path))
    })
  })
}

function terminalOf(helper: ChildProcess, path: string): Terminal {
  return {
    path,
    onData: (run) => void helper.stdout!.on("data", (bytes: Buffer) => run(bytes.toString("latin1"))),
    write: (bytes) => void helper.stdin!.write(Buffer.from(bytes, "latin1")),
    close: () => void helper.kill(),
  }
}

/** One cable at a time: a new one takes over. */
export const byTcp: Way = () => {
  let cable: Socket | undefined
  let hear: (bytes: string) => void = () => {}
  const server = createServer((socket) => {
    cable?.destroy()
    cable = socket.setNoDelay().on("error", () => {})
    socket.on("data", (bytes) => hear(bytes.toString("latin1")))
  })
  return new Promise((resolve) => {
    server.on("error", () => resolve(undefined))
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number }
      resolve({
        path: `tcp://127.0.0.1:${port}`,
        onData: (run) => void (hear = run),
        write: (bytes) => void cable?.write(Buffer.from(bytes, "latin1")),
        close() {
          cable?.destroy()
          server.close()
        },
      })
    })
  })
}
