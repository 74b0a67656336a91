import { FRAME_BITS } from "../buses/serial"
import type { Clock } from "../clock/clock"

/** 115200 baud, 8 data bits, no parity, 1 stop bit: the console of every ESP32 build (boards/ESP32.py, Espruino 2v29). */
const BYTE_US = (FRAME_BITS * 1e6) / 115_200
/** The firmware's task fetches up to so much at once, or what has come within 5 ms (targets/esp32/jshardwareUart.c). */
const FETCH_BYTES = 256
const FETCH_US = 5_000
/** With less room than a fetch it tries again later. */
const RETRY_US = 10_000
/** The driver's ring, each way (uart_driver_install). What comes in beyond it is lost; what goes out beyond it blocks the chip. */
const DRIVER_BYTES = 1024
/** The ring of events: io_buffer_size in boards/ESP32*.py, XOFF above 6/8 of it and XON below 3/8 (scripts/build_platform_config.py). */
const RING_BYTES = 4096
const XOFF_ABOVE = Math.floor(((RING_BYTES - 1) * 6) / 8)
const XON_BELOW = Math.floor(((RING_BYTES - 1) * 3) / 8)
/** An event in the ring: two bytes, then at most 64 of data (IOEVENT_MAX_LEN). */
const EVENT_BYTES = 64
const XON = "\x11"
const XOFF = "\x13"
/** What the host gets at once: a USB packet. */
const PACKET_BYTES = 64

export interface Chip {
  /** A fetch has brought Ctrl-C; seen before what came ahead of it is read. */
  onInterrupt(): void
  /** There is something to read. */
  onInput(): void
}

/**
 * The wire between a chip's console and a host, with the buffers at both ends of the chip's side. Outlives reboots. Bytes take
 * their time at 115200 baud. While nobody is plugged in what the chip says is gone, and takes no time: houses without consoles
 * run as ever.
 */
export class ConsolePort {
  chip: Chip | undefined
  /**
   * Ctrl-C ends a callback that never returns. False on ESP32: there Ctrl-C raises a flag that the timer tick of other chips
   * makes an interruption, and targets/esp32 has no such tick (EXEC_CTRL_C in src/jsparse.h and targets/*, Espruino 2v29). It
   * clears the line, and an idle chip reads on; a hung one is only freed by its watchdog or its reset pin.
   */
  breaksLoops = false
  /** Bytes that came while all was full. */
  lostBytes = 0
  private host: ((bytes: string) => void) | undefined
  /** Fetched, and not read yet: the ring of events. */
  private pieces: string[] = []
  private ringBytes = 0
  private driver = ""
  private isFetching = false
  private isXoff = false
  private rxFreeUs = 0
  private txFreeUs = 0
  /** What is under way when the power goes never comes. */
  private era = 0

  constructor(private readonly clock: Clock) {}

  get isPlugged(): boolean {
    return this.host !== undefined
  }

  plug(host: (bytes: string) => void): void {
    this.host = host
  }

  unplug(): void {
    this.host = undefined
    this.cut()
  }

  /** The chip is reset, or its power is gone: its buffers are empty, and what was on the wire is lost. */
  cut(): void {
    this.era++
    this.pieces = []
    this.driver = ""
    this.ringBytes = this.rxFreeUs = this.txFreeUs = 0
    this.isFetching = this.isXoff = false
  }

  /** From the host; the last byte lands when the wire has carried them all. */
  receive(bytes: string): void {
    for (let from = 0; from < bytes.length; from += FETCH_BYTES) {
      const piece = bytes.slice(from, from + FETCH_BYTES)
      this.rxFreeUs = Math.max(this.rxFreeUs, this.clock.nowUs) + piece.length * BYTE_US
      this.at(this.rxFreeUs, () => this.land(piece))
    }
  }

  get hasInput(): boolean {
    return this.pieces.length > 0
  }

  get pieceCount(): number {
    return this.pieces.length
  }

  /** Room for the host comes with reading. */
  read(): string | undefined {
    const piece = this.pieces.shift()
    if (piece === undefined) return undefined
    this.ringBytes -= cost(piece)
    if (this.isXoff && this.ringBytes < XON_BELOW) {
      this.isXoff = false
      this.send(XON, this.clock.nowUs)
    }
    return piece
  }

  /** From the chip, at its own time. Gives until when it blocks. */
  send(bytes: string, localUs: number): number {
    if (!this.host || !bytes) return localUs
    for (let from = 0; from < bytes.length; from += PACKET_BYTES) {
      const piece = bytes.slice(from, from + PACKET_BYTES)
      this.txFreeUs = Math.max(this.txFreeUs, localUs) + piece.length * BYTE_US
      this.at(this.txFreeUs, () => this.host?.(piece))
    }
    return Math.max(localUs, Math.ceil(this.txFreeUs - DRIVER_BYTES * BYTE_US))
  }

  private at(atUs: number, run: () => void): void {
    const { era } = this
    this.clock.at(atUs, () => era === this.era && run())
  }

  private land(bytes: string): void {
    const room = DRIVER_BYTES - this.driver.length
    this.lostBytes += Math.max(0, bytes.length - room)
    this.driver += bytes.slice(0, room)
    if (this.isFetching) return
    this.isFetching = true
    const { nowUs } = this.clock
    this.at(this.driver.length >= FETCH_BYTES ? nowUs : Math.floor(nowUs / FETCH_US + 1) * FETCH_US, () => this.fetch())
  }

  private fetch(): void {
    this.isFetching = false
    // Nobody fetches while the chip starts: it is the driver's ring that fills.
    if (!this.chip || RING_BYTES - this.ringBytes < FETCH_BYTES) return this.fetchLater(RETRY_US)
    this.push(this.driver.slice(0, FETCH_BYTES))
    this.driver = this.driver.slice(FETCH_BYTES)
    if (this.driver) this.fetchLater(0)
  }

  private fetchLater(us: number): void {
    this.isFetching = true
    this.at(this.clock.nowUs + us, () => this.fetch())
  }

  private push(piece: string): void {
    if (piece.includes("\x03")) this.chip!.onInterrupt()
    for (let from = 0; from < piece.length; from += EVENT_BYTES) this.keep(piece.slice(from, from + EVENT_BYTES))
    if (this.ringBytes > XOFF_ABOVE && !this.isXoff) {
      this.isXoff = true
      this.send(XOFF, this.clock.nowUs)
    }
    this.chip!.onInput()
  }

  private keep(piece: string): void {
    this.pieces.push(piece)
    this.ringBytes += cost(piece)
  }
}

const cost = (piece: string) => piece.length + 2
