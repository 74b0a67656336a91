import type { House } from "../house"

/** The host's end of a board's serial cable; byte strings. The same shape as `SerialLine` of the tools. */
interface ConsoleLine {
  onData(run: (bytes: string) => void): void
  onClose(run: () => void): void
  write(bytes: string): void
  /** The reset pin, by the wires of a USB chip. */
  reset(): Promise<boolean>
  /** The cable is pulled: what is on the wire is lost. */
  close(): Promise<void>
}

/**
 * Plugs into a board's console. What is written is an act of the house, and travels at 115200 baud of house time: somebody has to
 * turn the house meanwhile. What the chip says is told by `later`, which waits for the
 * end of the turn (queueMicrotask does), so that an answer is an act of its own. One cable a board:
 * a new one takes over.
 */
export function plugIn(house: House, device: string, later: (run: () => void) => void): ConsoleLine {
  const data: ((bytes: string) => void)[] = []
  const closed: (() => void)[] = []
  let isOpen = true
  let heard = ""
  const tell = () => {
    const bytes = heard
    heard = ""
    if (isOpen && bytes) data.forEach((run) => run(bytes))
  }
  house.act((house) =>
    house.device(device).chip.port.plug((bytes) => {
      const isFirst = heard === ""
      heard += bytes
      if (isFirst) later(tell)
    }),
  )
  return {
    onData: (run) => void data.push(run),
    onClose: (run) => void closed.push(run),
    write(bytes) {
      if (isOpen) house.act((house) => house.device(device).chip.port.receive(bytes))
    },
    async reset() {
      if (isOpen) house.act((house) => house.device(device).reboot())
      return isOpen
    },
    async close() {
      if (!isOpen) return
      isOpen = false
      house.act((house) => house.device(device).chip.port.unplug())
      closed.forEach((run) => run())
    },
  }
}
