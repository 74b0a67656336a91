import { setTimeout as sleep } from "node:timers/promises"
import { SerialPort } from "serialport"

/** What esptool-js knows a port by: as much of the browsers' Web Serial as it uses (WICG, "Web Serial API"). */
export interface WebSerialPort {
  readable: ReadableStream<Uint8Array> | null
  writable: WritableStream<Uint8Array> | null
  open(options: { baudRate: number }): Promise<void>
  close(): Promise<void>
  getInfo(): { usbVendorId?: number; usbProductId?: number }
  setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void>
  /** Beyond the standard: without it esptool-js closes the port for another speed, and boards restart from that. */
  setBaudRate(baudRate: number): Promise<void>
}

/** Reset is held so long; esptool takes as much. The chip's own USB wants more, and some time to come back. */
const RESET_MS = 100
const OWN_USB_RESET_MS = 200
/** Espressif's USB vendor id. */
const ESPRESSIF = 0x303a

type UsbIds = ReturnType<WebSerialPort["getInfo"]>

const isOwnUsb = ({ usbVendorId }: UsbIds): boolean => usbVendorId === ESPRESSIF
/** A bridge of another maker between the USB and the chip. */
export const isBridge = ({ usbVendorId }: UsbIds): boolean => usbVendorId !== undefined && usbVendorId !== ESPRESSIF

/** What is used of a port that is open; `serialport` has it. */
export type NodePort = Pick<SerialPort, "on" | "off" | "write" | "set" | "update">

/** Web Serial on a port that is open, and stays so: whoever opened it closes it. */
export function webSerial(port: NodePort, info: UsbIds): WebSerialPort {
  // Both are on when a port is opened. `set` takes what is not named as on, so both are always named.
  const lines = { dtr: true, rts: true }
  const setBaudRate = (baudRate: number) => settled((done) => port.update({ baudRate }, done))
  return {
    readable: null,
    writable: null,
    async open({ baudRate }) {
      await setBaudRate(baudRate)
      this.readable = bytesFrom(port)
      this.writable = bytesTo(port)
    },
    async close() {
      this.readable = this.writable = null
    },
    getInfo: () => info,
    setSignals({ dataTerminalReady, requestToSend }) {
      lines.dtr = dataTerminalReady ?? lines.dtr
      lines.rts = requestToSend ?? lines.rts
      return setLines(port, lines)
    },
    setBaudRate,
  }
}

/** Restarts the board; it runs what stands in its flash. */
export async function restart(port: NodePort, ids: UsbIds): Promise<void> {
  await setLines(port, { dtr: false, rts: true })
  await sleep(isOwnUsb(ids) ? OWN_USB_RESET_MS : RESET_MS)
  await setLines(port, { dtr: false, rts: false })
  if (isOwnUsb(ids)) await sleep(OWN_USB_RESET_MS)
}

/** A pseudo terminal has no such wires and says so; a board that is gone needs none. */
const setLines = (port: NodePort, lines: { dtr: boolean; rts: boolean }): Promise<void> =>
  new Promise((resolve) => port.set({ ...lines }, () => resolve()))

function bytesFrom(port: NodePort): ReadableStream<Uint8Array> {
  let stop = () => {}
  return new ReadableStream({
    start(controller) {
      const take = (bytes: Buffer) => controller.enqueue(new Uint8Array(bytes))
      const end = () => controller.error(new Error("the port is closed"))
      port.on("data", take)
      port.on("close", end)
      stop = () => void port.off("data", take).off("close", end)
    },
    cancel: () => stop(),
  })
}

const bytesTo = (port: NodePort): WritableStream<Uint8Array> =>
  new WritableStream({ write: (bytes) => settled((done) => port.write(Buffer.from(bytes), done)) })

const settled = (run: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => run((error) => (error ? reject(error) : resolve())))

/** USB ids of a port, where the system tells them: esptool-js knows the chips' own USB by them. */
export async function usbIdsOf(path: string): Promise<UsbIds> {
  const ports = await SerialPort.list().catch(() => [])
  const port = ports.find((each) => each.path === path)
  const id = (hex: string | undefined) => (hex === undefined ? undefined : parseInt(hex, 16))
  return { usbVendorId: id(port?.vendorId), usbProductId: id(port?.productId) }
}
