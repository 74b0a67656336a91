import { receiveFrames } from "../buses/serial-frame"
import { runUs } from "../buses/serial"
import type { SerialRun } from "../buses/serial"
import type { Pin } from "./gpio"
import type { Interpreter } from "./interpreter"

/** The firmware's task fetches what has come this often, this much at once (targets/esp32/jshardwareUart.c, Espruino 2v29). */
const POLL_US = 5_000
const MAX_PIECE = 256
/** Bytes of the driver's ring (uart_driver_install), each way: what is written beyond them blocks the chip. */
const RING_BYTES = 1024
/** The ring of events that the program is called from; what does not fit is lost. */
const EVENT_BYTES = 4096

interface UartSettings {
  tx: Pin
  rx: Pin
  baud: number
}

/** One UART that was set up: 8 data bits, no parity, 1 stop bit. Bytes with a broken stop bit come like the others, as on the chip. */
export class Uart {
  /** What has been fetched and waits for the program. */
  readonly pieces: string[] = []
  private freeUs = 0
  private arrived = ""
  private nextPollUs = -1
  private readonly stopListening: () => void
  private isOpen = true

  constructor(
    private readonly interpreter: Interpreter,
    private readonly settings: UartSettings,
  ) {
    const { machine } = interpreter
    const { tx, rx } = settings
    interpreter.effect(() => {
      machine.gpio.makeOutput(tx, 1)
      // uart_set_pin in IDF pulls the receiver's pin up.
      machine.gpio.setMode(rx, "input_pullup")
    })
    this.stopListening = machine.buses.serial.listen(rx.net, (run) => this.onRun(run))
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.stopListening()
  }

  /** Returns at once while the ring has room. */
  send(bytes: string): void {
    const { interpreter } = this
    const { baud } = this.settings
    if (!bytes) return
    const startUs = Math.max(interpreter.localUs, this.freeUs)
    this.freeUs = startUs + runUs(bytes.length, baud)
    interpreter.machine.clock.at(startUs, () => this.isOpen && this.transmit({ baud, bytes, startUs }))
    const roomUs = this.freeUs - runUs(RING_BYTES, baud)
    if (roomUs > interpreter.localUs) interpreter.block(roomUs - interpreter.localUs)
  }

  private transmit(run: SerialRun): void {
    const { machine } = this.interpreter
    const { tx } = this.settings
    machine.tell({ kind: "serial", pin: tx.name, direction: "tx", baud: run.baud, bytes: run.bytes })
    if (!tx.isInputOnly) machine.buses.serial.send(tx.net, machine.gpio, run)
  }

  private onRun(run: SerialRun): void {
    const { machine } = this.interpreter
    const { rx, baud } = this.settings
    const tell = (sentBaud: number, bytes: string) =>
      machine.tell({ kind: "serial", pin: rx.name, direction: "rx", baud: sentBaud, bytes })
    const frames = receiveFrames(run, baud)
    if (!run.seen) tell(run.baud, run.bytes)
    for (const { byte, fallUs, atUs } of frames) {
      // What came out of a spoilt wire is told byte by byte, as a whole wire would have brought it: so it replays.
      if (run.seen) machine.clock.at(fallUs, () => tell(baud, String.fromCharCode(byte)))
      machine.clock.at(atUs, () => this.onByte(byte))
    }
  }

  private onByte(byte: number): void {
    if (!this.isOpen) return
    this.arrived += String.fromCharCode(byte)
    const { clock } = this.interpreter.machine
    if (this.nextPollUs > clock.nowUs) return
    this.nextPollUs = Math.floor(clock.nowUs / POLL_US + 1) * POLL_US
    clock.at(this.nextPollUs, () => this.poll())
  }

  private poll(): void {
    const { interpreter } = this
    if (!this.isOpen || !interpreter.isAlive) return
    const waiting = this.pieces.reduce((sum, piece) => sum + piece.length, 0)
    const room = Math.max(0, EVENT_BYTES - waiting)
    if (this.arrived.length > room) interpreter.raise("FIFO_FULL")
    for (let from = 0; from < Math.min(room, this.arrived.length); from += MAX_PIECE)
      this.pieces.push(this.arrived.slice(from, from + MAX_PIECE))
    this.arrived = ""
    interpreter.loop.wake()
  }
}
