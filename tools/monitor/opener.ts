import { Failure } from "../failure"
import { findPorts } from "../serial/find"
import { openSerial, type SerialLine } from "../serial/port"

/**
 * Opens a port, and at later calls the one where the board with the same serial number is then: a computer numbers its ports as they
 * are plugged in. Without a serial number a board is what is at the path; so it is where others have the same one, such as the 0001
 * of cheap CP210x boards.
 */
export function opener(path: string, baud: number, find = findPorts, open = openSerial): () => Promise<SerialLine> {
  if (path.startsWith("tcp://")) return () => open(path)
  let serialNumber: string | undefined
  let wasOpen = false

  async function pathNow(): Promise<string> {
    if (wasOpen && serialNumber === undefined) return path
    const ports = await find()
    const pathsOf = (own?: string) => ports.filter((port) => port.serialNumber === own).map((port) => port.path)
    if (!wasOpen) {
      const own = ports.find((port) => port.path === path)?.serialNumber
      serialNumber = pathsOf(own).length === 1 ? own : undefined
      return path
    }
    const paths = pathsOf(serialNumber)
    const now = paths.length > 1 ? paths.find((each) => each === path) : paths[0]
    if (now === undefined) throw new Failure(`${path} is gone.`)
    return now
  }

  return async () => {
    const line = await open(await pathNow(), baud)
    wasOpen = true
    return line
  }
}
