import type { Net } from "../pins/net"
import { FLOAT, HIGH } from "../pins/net"
import { receiveFrames } from "../buses/serial-frame"
import { runUs } from "../buses/serial"
import type { SerialRun } from "../buses/serial"
import type { Part, PartPlace } from "./part"

class SerialPeerFaults {
  static readonly texts = { missing: "it neither hears nor says anything" }
  /** It neither hears nor says anything. */
  missing = false
}

/**
 * Whatever hangs on a UART, played by a test or a user: 8 data bits, no parity, 1 stop bit. Its `rx` goes to the board's TX, its `tx`
 * to the board's RX. Option `baud` (9600). Bytes whose stop bit is broken are dropped and counted, as most devices do.
 */
export class SerialPeer implements Part {
  readonly part = "serial-peer"
  readonly name: string
  readonly faults = new SerialPeerFaults()
  /** Bytes in the order they came, pieces as the board sent them. */
  onReceive: (bytes: string) => void = () => undefined
  /** All that came, as characters 0 to 255. */
  received = ""
  framingErrors = 0
  private readonly place: PartPlace
  private readonly tx: Net
  private readonly baud: number
  private isPowered = false
  private freeUs = 0

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.tx = place.net("tx")
    this.baud = place.option("baud", 9600)
    place.buses.serial.listen(place.net("rx"), (run) => this.onRun(run))
  }

  /** From now on, behind what is still going out. Characters 0 to 255, or numbers. */
  send(bytes: string | number[]): void {
    const text = typeof bytes === "string" ? bytes : String.fromCharCode(...bytes)
    if (!text || !this.isPowered || this.faults.missing) return
    const { clock, buses } = this.place
    const startUs = Math.max(clock.nowUs, this.freeUs)
    this.freeUs = startUs + runUs(text.length, this.baud)
    const run = { baud: this.baud, bytes: text, startUs }
    clock.at(startUs, () => this.isPowered && buses.serial.send(this.tx, this, run))
  }

  values(): Record<string, number> {
    return { received: this.received.length, framingErrors: this.framingErrors }
  }

  powerOn(): void {
    this.isPowered = true
    this.tx.drive(this, HIGH)
  }

  powerOff(): void {
    this.isPowered = false
    this.freeUs = 0
    this.tx.drive(this, FLOAT)
  }

  /** Handed on once the last stop bit is in. */
  private onRun(run: SerialRun): void {
    if (!this.isPowered || this.faults.missing) return
    const frames = receiveFrames(run, this.baud)
    const whole = frames.filter((frame) => !frame.isBroken)
    this.place.clock.at(frames.at(-1)?.atUs ?? run.startUs, () => {
      if (!this.isPowered) return
      this.framingErrors += frames.length - whole.length
      const bytes = String.fromCharCode(...whole.map((frame) => frame.byte))
      this.received += bytes
      if (bytes) this.onReceive(bytes)
    })
  }
}
