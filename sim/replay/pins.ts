import type { I2cTarget } from "../buses/i2c"
import type { OneWireTarget } from "../buses/one-wire"
import type { Chip } from "../chip"
import type { Pin } from "../espruino/gpio"
import type { I2cEvent, OneWireEvent } from "../events"
import { LOW, PULL_UP } from "../pins/net"
import type { Net } from "../pins/net"
import type { Score } from "./score"

/** Of a trace that has every edge. */
export interface PlayedWires {
  /** This edge, by the chip, is what is to happen now. */
  isRecorded(pin: string, level: 0 | 1): boolean
  /** A wire is faulty by the trace's own word. */
  isFaulty(): boolean
}

/** Everything on the pins of a recorded board that is not the board. */
export class PlayedPins {
  /** The net that is being played to. */
  private played: Net | undefined
  /** What makes a level seen, of wires where another is. */
  private readonly shows = new Map<Net, (level: 0 | 1) => void>()

  constructor(
    private readonly chip: Chip,
    score: Score,
    wires?: PlayedWires,
  ) {
    if (wires) chip.gpio.onMade = (pin) => this.hold(pin, wires)
    const buses = new Set<string>()
    for (const event of score.events) {
      const key = event.kind === "i2c" ? `${event.sda}/${event.scl}` : event.kind === "onewire" ? event.pin : undefined
      if (key === undefined || buses.has(key)) continue
      buses.add(key)
      if (event.kind === "i2c") this.attachI2c(event, () => score.answer("i2c", key))
      else this.attachOneWire(key, () => score.answer("onewire", key))
    }
  }

  /** A pull-up is all that a rise takes: whatever pulls the other way is weaker or was not there. */
  set(pin: string, level: "rise" | "fall"): void {
    const net = (this.played = this.net(pin))
    net?.drive(this, level === "fall" ? LOW : PULL_UP)
    if (net) this.shows.get(net)?.(level === "fall" ? 0 : 1)
    this.played = undefined
  }

  /**
   * Where the chip only pulls, or lets go, what the wire does is the outside's word. An edge that was not recorded tells that
   * something held the level, which no edge had told before: a sensor's output that is low from the beginning. While a wire is
   * faulty by the trace's own word, that goes for all that the chip does to it.
   */
  private hold(pin: Pin, { isRecorded, isFaulty }: PlayedWires): void {
    pin.net.disturb({
      onLevel: (level, show) => {
        const isPlayed = this.played === pin.net || level === pin.net.level
        const isDriven = /strong|pwm/.test(this.chip.gpio.driveOf(pin).kind)
        this.shows.set(pin.net, show)
        if (isPlayed || (isDriven && !isFaulty()) || isRecorded(pin.name, level)) return show(level)
        if (!isDriven) pin.net.drive(this, level === 1 ? LOW : PULL_UP)
      },
    })
  }

  receive(pin: string, baud: number, bytes: string): void {
    const net = this.net(pin)
    if (net) this.chip.buses.serial.send(net, this, { baud, bytes, startUs: this.chip.clock.nowUs })
  }

  private attachI2c({ sda, scl }: I2cEvent, next: () => I2cEvent | undefined): void {
    const [sdaNet, sclNet] = [this.net(sda), this.net(scl)]
    if (sdaNet && sclNet) this.chip.buses.i2c.attach(sdaNet, sclNet, playedI2c(next))
  }

  private attachOneWire(pin: string, next: () => OneWireEvent | undefined): void {
    const net = this.net(pin)
    if (net) this.chip.buses.oneWire.attach(net, playedOneWire(next))
  }

  private net(pin: string): Net | undefined {
    const number = this.chip.board.pins[pin]?.number
    return number === undefined ? undefined : this.chip.gpio.find(number)?.net
  }
}

/** Answers message by message as whoever hung there did. */
function playedI2c(next: () => I2cEvent | undefined): I2cTarget {
  let message: I2cEvent | undefined
  /** Bytes of it that have passed. */
  let count = 0
  const isHeldFor = () => message?.fault !== undefined && count === message.bytes.length
  return {
    onStart(address, isRead) {
      message = next()
      count = 0
      return message?.address === address && message.isRead === isRead && (message.isAcked || isHeldFor())
    },
    onWrite() {
      const isAcked = message?.acks[count] ?? false
      count++
      return isAcked || isHeldFor()
    },
    onRead: () => message?.bytes[count++] ?? 0xff,
    onStop() {},
    stretchUs: () => (isHeldFor() ? Infinity : (message?.stretchUs?.[count] ?? 0)),
  }
}

function playedOneWire(next: () => OneWireEvent | undefined): OneWireTarget {
  let slots = ""
  const slot = () => {
    if (!slots) slots = next()?.slots ?? ""
    const [first] = slots
    slots = slots.slice(1)
    return first
  }
  return {
    onReset: () => slot() === "R",
    onWriteBit: () => void slot(),
    onReadBit: () => (slot() === "l" ? 0 : 1),
  }
}
