import type { Host } from "./host"
import { LiveOutput } from "./live"
import type { Output } from "./output"

/** A house that does not end within this is put down: Ctrl-C always works. */
const PATIENCE_MS = 3000
const CTRL_C = "\x03"
const CTRL_Z = "\x1a"

/**
 * Ctrl-C, q and SIGTERM end the run in order; the second one at once. Gives back what undoes it.
 * In the live view the keyboard is read raw, so that keys are not echoed into the frame: Ctrl-C arrives as a byte.
 */
export function onInterrupt(host: Host, output: Output): () => void {
  let asked = 0
  const end = () => {
    if (++asked > 1) force(output)
    host.stop()
    setTimeout(() => force(output), PATIENCE_MS).unref()
  }
  // `motewire sim --json | head` closes the pipe when it has seen enough: that is an end, too, and no failure.
  const onPipe = (error: NodeJS.ErrnoException) => (error.code === "EPIPE" ? host.stop() : force(output))
  process.on("SIGINT", end)
  process.on("SIGTERM", end)
  process.stdout.on("error", onPipe)
  const releaseKeys = output instanceof LiveOutput ? onKeys(host, output, end) : () => {}
  return () => {
    process.off("SIGINT", end)
    process.off("SIGTERM", end)
    process.stdout.off("error", onPipe)
    releaseKeys()
  }
}

/** 130 is what a shell expects of a process that SIGINT ended. */
function force(output: Output): never {
  output.close()
  process.exit(130)
}

function onKeys(host: Host, output: LiveOutput, end: () => void): () => void {
  const { stdin } = process
  if (!stdin.isTTY) return () => {}
  const onData = (keys: Buffer) => {
    const text = keys.toString("latin1")
    if (text.includes(CTRL_C) || text === "q") end()
    if (text.includes(CTRL_Z)) suspend(output)
    // Escape sequences of arrows and function keys hold digits, too: only keys that stand alone are pressed.
    const button = output.buttonOn(text)
    if (button) host.ask({ ask: "press", device: button.device, part: button.part })
  }
  stdin.setRawMode(true).resume().on("data", onData)
  return () => stdin.setRawMode(false).pause().off("data", onData)
}

/** Gives the terminal back while the shell has it, and takes it again on `fg`. */
function suspend(output: LiveOutput): void {
  output.leave()
  process.stdin.setRawMode(false)
  process.once("SIGCONT", () => {
    process.stdin.setRawMode(true)
    output.reopen()
  })
  process.kill(process.pid, "SIGTSTP")
}
