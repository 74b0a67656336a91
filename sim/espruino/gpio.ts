import { pinName } from "../board"
import type { Board } from "../board"
import { FLOAT, HIGH, LOW, Net, PULL_DOWN, PULL_UP } from "../pins/net"
import type { Drive } from "../pins/net"
import type { Telling } from "./machine"

export type PinMode =
  "undefined" | "analog" | "input" | "input_pullup" | "input_pulldown" | "output" | "opendrain" | "opendrain_pullup"

/** One pin as the silicon has it. */
export interface Pin {
  number: number
  name: string
  /** What the firmware believes it set; setWatch changes the silicon behind its back. */
  mode: PinMode
  /** What the silicon does. */
  hardware: PinMode
  /** pinMode was called: digitalWrite and digitalRead leave the mode alone. */
  isManual: boolean
  out: 0 | 1
  pwm: Drive | undefined
  isInputOnly: boolean
  isFlash: boolean
  isUnwatchable: boolean
  /** The firmware negates it, being its button: JSH_PIN_NEGATED (targets/esp32/jshardware.c, Espruino 2v29). */
  isInverted: boolean
  net: Net
}

const PWM_BITS = 1023

/** The pins of one chip. Nets come into being when a part or the program first touches them. */
export class Gpio {
  private readonly pins = new Map<number, Pin>()
  private readonly watchers = new Set<number>()
  private isPowered = false
  /** The pin whose output is being changed: its edges are the chip's own. */
  private driving: Pin | undefined
  /** Set by the interpreter of the current boot: an edge on a pin whose interrupt is enabled. */
  onInterrupt: (pin: number, isHigh: boolean) => void = () => undefined
  /** A net came into being. */
  onMade: (pin: Pin) => void = () => undefined

  constructor(
    private readonly board: Board,
    private readonly tell: (telling: Telling) => void,
  ) {}

  get used(): Pin[] {
    return [...this.pins.values()].sort((a, b) => a.number - b.number)
  }

  /** Undefined when the board has no such pin. */
  find(number: number): Pin | undefined {
    const known = this.pins.get(number)
    if (known) return known
    const name = pinName(this.board, number)
    const facts = this.board.pins[name]
    return facts ? this.make(number, name, facts) : undefined
  }

  setMode(pin: Pin, mode: PinMode): void {
    pin.pwm = undefined
    pin.mode = pin.hardware = mode
    this.apply(pin)
  }

  write(pin: Pin, isHigh: boolean): void {
    pin.out = isHigh !== pin.isInverted ? 1 : 0
    if (!pin.isManual) this.setMode(pin, "output")
    else {
      pin.pwm = undefined
      this.apply(pin)
    }
  }

  read(pin: Pin): 0 | 1 {
    if (!pin.isManual && pin.mode !== "input") this.setMode(pin, "input")
    return pin.isInverted ? ((1 - pin.net.level) as 0 | 1) : pin.net.level
  }

  /** What a peripheral does to a pin: pinMode was never called. */
  makeOutput(pin: Pin, level: 0 | 1): void {
    pin.out = level
    this.setMode(pin, "output")
  }

  /** The converter takes the pin, and the firmware does not know: getPinMode says what it said. */
  makeAnalog(pin: Pin): void {
    pin.hardware = "analog"
    pin.pwm = undefined
    this.apply(pin)
  }

  /** 10-bit LEDC: the duty a lamp sees is a multiple of 1/1023. D25 and D26 are a DAC: no frequency. */
  writePwm(pin: Pin, duty: number, frequencyHz: number): void {
    const clipped = Math.min(1, Math.max(0, Number(duty) || 0))
    const share = pin.isInverted ? 1 - clipped : clipped
    pin.pwm = { kind: "pwm", duty: Math.floor(share * PWM_BITS) / PWM_BITS, frequencyHz }
    this.apply(pin)
  }

  /** jshPinWatch in targets/esp32/jshardware.c: input with pull-up, whatever the pin was set to before. */
  enableInterrupt(pin: Pin): void {
    pin.hardware = "input_pullup"
    pin.pwm = undefined
    this.apply(pin)
    // Last, as in the firmware: the rise that the pull-up itself makes is not reported.
    this.watchers.add(pin.number)
  }

  disableInterrupt(pin: Pin): void {
    this.watchers.delete(pin.number)
  }

  /** Reset or boot: every pin floats, those the firmware pulls up are pulled up. Power off: every pin floats. */
  reset(isPowered: boolean): void {
    this.watchers.clear()
    this.isPowered = isPowered
    for (const pin of this.pins.values()) this.resetPin(pin, isPowered)
  }

  private make(number: number, name: string, facts: Board["pins"][string]): Pin {
    const net = new Net(name, this)
    const pin: Pin = {
      number,
      name,
      mode: "undefined",
      hardware: "undefined",
      isManual: false,
      out: 0,
      pwm: undefined,
      isInputOnly: facts.inputOnly ?? false,
      isFlash: facts.flash ?? false,
      isUnwatchable: facts.noWatch ?? false,
      isInverted: facts.firmwareButton === "inverted",
      net,
    }
    this.pins.set(number, pin)
    // A program that is the first to touch it finds what the boot left.
    if (this.isPowered && facts.firmwareButton === "input") this.resetPin(pin, true)
    net.onEdge((level) => this.onEdge(pin, level))
    net.onPwm((pwm) => pwm && this.tell({ kind: "pwm", pin: name, duty: pwm.duty, frequencyHz: pwm.frequencyHz }))
    net.onConflict(() => this.tell({ kind: "fault", reason: `${name} is driven high and low at once` }))
    this.onMade(pin)
    return pin
  }

  private onEdge(pin: Pin, level: 0 | 1): void {
    const by = this.driving === pin ? "chip" : "outside"
    this.tell({ kind: "pin", pin: pin.name, level: level ? "rise" : "fall", by })
    if (this.watchers.has(pin.number)) this.onInterrupt(pin.number, (level === 1) !== pin.isInverted)
  }

  private resetPin(pin: Pin, isPowered: boolean): void {
    const facts = this.board.pins[pin.name]
    // The pull-up of an inverted button is the board's resistor: the firmware's own becomes a pull-down, which is weaker.
    const isPulledUp = isPowered && facts?.bootPullUp
    // jshResetDevices in src/jsdevices.c: digitalWrite and digitalRead leave the button's mode alone.
    pin.isManual = isPowered && facts?.firmwareButton === "input"
    pin.out = 0
    this.setMode(pin, isPulledUp ? "input_pullup" : "undefined")
  }

  private apply(pin: Pin): void {
    this.driving = pin
    pin.net.drive(this, this.driveOf(pin))
    this.driving = undefined
  }

  driveOf(pin: Pin): Drive {
    // GPIO34 to 39 have no output stage and no pulls: writing to them does nothing.
    if (pin.isInputOnly) return FLOAT
    if (pin.pwm) return pin.pwm
    if (pin.hardware === "output") return pin.out ? HIGH : LOW
    if (pin.hardware === "opendrain") return pin.out ? FLOAT : LOW
    if (pin.hardware === "opendrain_pullup") return pin.out ? PULL_UP : LOW
    if (pin.hardware === "input_pullup") return PULL_UP
    return pin.hardware === "input_pulldown" ? PULL_DOWN : FLOAT
  }
}
