import { createInterface } from "node:readline/promises"
import { readdirSync } from "node:fs"
import { SerialPort } from "serialport"
import { EXIT_USAGE, Failure } from "../failure"

export interface FoundPort {
  path: string
  make?: string
  serialNumber?: string
  /** USB ids, "10c4:ea60". */
  id?: string
  /** What it is on ESP32 boards; undefined for a port that none is known by. */
  chip?: string
}

/** USB chips of ESP32 boards: product pages of Silicon Labs, WCH and FTDI, and Espressif's own USB (ESP-IDF, USB Serial/JTAG). */
const USB_CHIPS: Record<string, string> = {
  "10c4": "CP210x",
  "1a86": "CH340 or CH910x",
  "0403": "FTDI",
  "303a": "the ESP32's own USB",
}

/** Ports that something is plugged into; a PC's built-in ones are there with nothing behind them. */
export async function findPorts(): Promise<FoundPort[]> {
  const ports = await SerialPort.list().catch(withoutUdev)
  return ports
    .filter(({ path, vendorId }) => vendorId !== undefined || !/ttyS\d+$/.test(path))
    .map(({ path, manufacturer, serialNumber, vendorId, productId }) => ({
      path,
      make: manufacturer,
      serialNumber,
      id: vendorId && `${vendorId}:${productId}`.toLowerCase(),
      chip: USB_CHIPS[vendorId?.toLowerCase() ?? ""],
    }))
}

/**
 * A Linux without udevadm, such as in a container, or where this user may not run it or look for it, still has the files; makes
 * and numbers it does not know.
 */
function withoutUdev(error: Error): Awaited<ReturnType<typeof SerialPort.list>> {
  if (!/udevadm/.test(error.message)) throw error
  const files = readdirSync("/dev").filter((name) => /^tty(USB|ACM)\d+$/.test(name))
  return files.map((name) => ({ path: `/dev/${name}` })) as Awaited<ReturnType<typeof SerialPort.list>>
}

export const portText = ({ path, make, serialNumber, chip, id }: FoundPort): string =>
  [path, make ?? chip ?? "unknown make", chip && make && chip, id, serialNumber && `serial number ${serialNumber}`]
    .filter(Boolean)
    .join(", ")

interface Asking {
  isTerminal: boolean
  ask: (question: string) => Promise<string>
}

const terminal: Asking = {
  get isTerminal() {
    return !!process.stdin.isTTY && !!process.stderr.isTTY
  },
  async ask(question) {
    const line = createInterface({ input: process.stdin, output: process.stderr })
    return line.question(question).finally(() => line.close())
  },
}

/** The one board that is plugged in; of several the one that the user picks. */
export async function choosePort(ports: FoundPort[], asking = terminal): Promise<string> {
  const boards = ports.filter(({ chip }) => chip)
  const likely = boards.length ? boards : ports
  if (likely.length === 1) return likely[0].path
  if (likely.length === 0)
    throw new Failure(
      'no board is plugged in, as far as this machine knows. Many cables only carry power: try another one. "motewire doctor" looks further.',
    )
  const list = likely.map((port, at) => `  ${at + 1}. ${portText(port)}`).join("\n")
  if (!asking.isTerminal)
    throw new Failure(`several boards are plugged in; say which with --port:\n${list}`, EXIT_USAGE)
  const answer = await asking.ask(`several boards are plugged in:\n${list}\nwhich one? `)
  const chosen = likely[Number(answer) - 1] ?? likely.find(({ path }) => path === answer.trim())
  if (!chosen) throw new Failure(`"${answer.trim()}" is none of them.`, EXIT_USAGE)
  return chosen.path
}
