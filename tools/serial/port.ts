import { setTimeout as sleep } from "node:timers/promises"
import { SerialPort } from "serialport"
import { Failure } from "../failure"
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
  /** Restarts the board by the wires that its USB chip has to the reset pin; nothing happens where there are none. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** Fails with what is wrong with the port and what to do about it. */
export async function openSerial(path: string, baud = BAUD): Promise<SerialLine> {
  if (path.startsWith("tcp://")) return openTcp(path)
  const port = await openPort(path, baud)
  return {
    onData: (run) => void port.on("data", (bytes: Buffer) => run(bytes.toString("latin1"))),
    onClose: (run) => void (port.isOpen ? port.on("close", run) : setImmediate(run)),
    write: (bytes) => void port.write(Buffer.from(bytes, "latin1")),
    async reset() {
      await set(port, true)
      await sleep(RESET_MS)
      await set(port, false)
    },
    close: () => closePort(port),
  }
}

/** Fails as `openSerial` does. */
export async function openPort(path: string, baud = BAUD): Promise<SerialPort> {
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false })
  const error = await new Promise<Error | null>((resolve) => port.open(resolve))
  if (error) throw new Failure(`cannot open ${path}: ${remedyFor(error.message) ?? (await portsText())}`)
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
const set = (port: SerialPort, rts: boolean): Promise<void> =>
  new Promise((resolve) => port.set({ dtr: false, rts }, () => resolve()))

/** For the words that the library has from the system; undefined when there is no such port. */
export function remedyFor(message: string): string | undefined {
  if (/no such file|file not found/i.test(message)) return undefined
  if (/permission denied|access denied/i.test(message))
    return "permission denied. On Linux, ports belong to a group: sudo usermod -aG dialout $USER, then log in again."
  if (/lock|busy|temporarily unavailable/i.test(message))
    return "another program has it. Close its monitor, then try again."
  return `${message}.`
}

async function portsText(): Promise<string> {
  const ports = await SerialPort.list().catch(() => [])
  // Of the built-in ports of a PC nobody knows whether anything is behind them.
  const likely = ports.filter(({ path, vendorId }) => vendorId !== undefined || !/ttyS\d+$/.test(path))
  const names = likely.map(({ path, manufacturer }) => (manufacturer ? `${path} (${manufacturer})` : path))
  const none = "there is no such port. "
  return (
    none + (names.length ? `There are: ${names.join(", ")}.` : "No board is plugged in, as far as this machine knows.")
  )
}
