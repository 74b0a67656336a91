import { setTimeout as sleep } from "node:timers/promises"
import { SerialPort } from "serialport"
import { EXIT_USAGE, Failure } from "../failure"
import { findPorts } from "./find"
import { portBehind } from "../console/link"
import { openTcp } from "./tcp"

/** The console of Espruino on ESP32. */
const BAUD = 115_200
/** The reset pin is held down so long; esptool takes as much. */
const RESET_MS = 100

/** A serial port that is open. Byte strings. */
export interface SerialLine {
  onData(run: (bytes: string) => void): void
  /** The port is gone: the board was unplugged, or the other end of a pseudo terminal closed; also when that was before the call. */
  onClose(run: () => void): void
  write(bytes: string): void
  /** Restarts the board by the wires that its USB chip has to the reset pin; false where there are none. */
  reset(): Promise<boolean>
  close(): Promise<void>
}

/** Fails with what is wrong with the port and what to do about it. */
export async function openSerial(path: string, baud = BAUD): Promise<SerialLine> {
  const address = portBehind(path)
  if (address.startsWith("tcp://")) return openTcp(address)
  const port = await openPort(address, baud)
  return {
    onData: (run) => void port.on("data", (bytes: Buffer) => run(bytes.toString("latin1"))),
    onClose: (run) => void (port.isOpen ? port.on("close", run) : setImmediate(run)),
    write: (bytes) => void port.write(Buffer.from(bytes, "latin1")),
    async reset() {
      if (!(await set(port, true))) return false
      await sleep(RESET_MS)
      return set(port, false)
    },
    close: () => closePort(port),
  }
}

/** A chip's own USB goes away with a restart, and comes back. */
const BACK_WITHIN_MS = 10_000

/** Opens a port that was there a moment ago, as soon as it is there again; fails as `openSerial` does when it does not come. */
export async function reopenSerial(path: string, baud = BAUD): Promise<SerialLine> {
  const untilMs = performance.now() + BACK_WITHIN_MS
  for (;;) {
    try {
      return await openSerial(path, baud)
    } catch (error) {
      if (performance.now() > untilMs) throw error
      await sleep(250)
    }
  }
}

/** Fails as `openSerial` does. */
export async function openPort(path: string, baud = BAUD): Promise<SerialPort> {
  if (path === "")
    throw new Failure("the port has no name. Write one such as /dev/ttyUSB0 or COM3, or leave --port out.", EXIT_USAGE)
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false })
  const error = await new Promise<Error | null>((resolve) => port.open(resolve))
  if (error) throw new Failure(`cannot open ${path}: ${remedyFor(error.message) ?? (await noPortText(error.message))}`)
  // A port that breaks closes, and that is told.
  port.on("error", () => {})
  closeWhenGone(port)
  return port
}

/**
 * On Linux a terminal that is hung up reads as 0 bytes, and serialport 13 then reads again at once, for ever: a core is busy,
 * memory grows, nobody is told (serialport/bindings-cpp#162). What it polls with hears of the hang-up in any case.
 */
function closeWhenGone(port: SerialPort): void {
  // Windows has none: there a read of a port that is gone fails.
  if (port.port && "poller" in port.port) port.port.poller.once("disconnect", () => void closePort(port))
}

/** May be called twice. */
export const closePort = (port: SerialPort): Promise<void> =>
  new Promise((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve()))

/** RTS pulls the reset pin down while DTR is off. A pseudo terminal has no such wires and says so. */
const set = (port: SerialPort, rts: boolean): Promise<boolean> =>
  new Promise((resolve) => port.set({ dtr: false, rts }, (error) => resolve(!error)))

/** For the words that the library has from the system; undefined when there is no such port, or no port behind the name. */
export function remedyFor(message: string): string | undefined {
  if (NOT_THERE.test(message) || OTHER_FILE.test(message)) return undefined
  if (/permission denied|access denied/i.test(message))
    return "permission denied. On Linux, ports belong to a group: sudo usermod -aG dialout $USER, then log in again."
  if (/lock|busy|temporarily unavailable/i.test(message))
    return "another program has it. Close its monitor, then try again."
  return `${message}.`
}

const NOT_THERE = /no such (file|device)|file not found/i
/** A file that knows no speed, a folder, a socket. */
const OTHER_FILE = /inappropriate ioctl|not a (tty|typewriter)|is a directory|no such device or address/i

async function noPortText(message: string): Promise<string> {
  const ports = await findPorts().catch(() => [])
  const names = ports.map(({ path, make }) => (make ? `${path} (${make})` : path))
  const none = OTHER_FILE.test(message) ? "it is no serial port." : "there is no such port."
  const others = names.length
    ? `There are: ${names.join(", ")}.`
    : "No board is plugged in, as far as this machine knows."
  return `${none} ${others}`
}
