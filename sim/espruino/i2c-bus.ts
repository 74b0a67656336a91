import type { I2cRequest, I2cResult } from "../buses/i2c-message"
import { HIGH_BITS, transfer } from "../buses/i2c-message"
import { transferSpoilt } from "../buses/i2c-spoilt"
import type { I2cEvent } from "../events"
import { AHEAD_US, BusWire } from "../pins/bus-wire"
import type { Pin } from "./gpio"
import type { Interpreter } from "./interpreter"

/** jshI2CWrite and jshI2CRead wait for a second (targets/esp32/jshardwareI2c.c). */
const DRIVER_WAIT_US = 1_000_000
/** Polls of a line by the software port, 100,000 of about 0.5 us: an estimate (src/jsi2c.c). */
const SOFTWARE_WAIT_US = 50_000
/**
 * SCL cycles for which a part may hold SCL low. Of IDF 3 on ESP32: I2C_MASTER_TOUT_CNUM_DEFAULT in components/driver/i2c.c, 80 us at
 * 100 kHz, so no sensor's conversion can be waited for by stretching. Of IDF 4 on C3 and S3: about 10.
 */
const STRETCH_CYCLES = 8
const STRETCH_CYCLES_IDF4 = 10

/** Two pins of a chip as an I2C master uses them. */
export class I2cBus {
  /** The message that the chip is sitting out, for the moment when a reset breaks it off. */
  private under: { event: Omit<I2cEvent, "kind">; atUs: number; endUs: number } | undefined

  constructor(
    private readonly interpreter: Interpreter,
    private readonly sda: Pin,
    private readonly scl: Pin,
    private readonly isHardware: boolean,
  ) {
    // At once, even when the chip runs ahead of the house: the next message looks at the level.
    for (const pin of [sda, scl]) {
      pin.out = 1
      interpreter.machine.gpio.setMode(pin, "opendrain_pullup")
    }
  }

  /** Blocks the chip for as long as the message takes; the event carries the moment at which it begins. */
  send(request: Omit<I2cRequest, "maxStretchUs">): I2cResult {
    const { interpreter } = this
    const atUs = interpreter.localUs
    const result = this.stuckLine(request) ?? this.transfer(this.limited(request), atUs)
    const { durationUs, ...message } = result
    const event = { sda: this.sda.name, scl: this.scl.name, hz: request.hz, address: request.address, ...message }
    interpreter.effect(() => interpreter.machine.tell({ kind: "i2c", ...event }))
    interpreter.block(durationUs)
    this.under = { event, atUs, endUs: interpreter.localUs }
    // After a time-out the firmware clocks SCL nine times and sends STOP (i2c_hw_fsm_reset in components/driver/i2c.c).
    if (result.fault && this.isHardware) this.wiring.clear(this.sda.net)
    return result
  }

  /** On a spoilt wire bit by bit; a part that is left in the middle of a 0 holds SDA. */
  private transfer(request: I2cRequest, atUs: number): I2cResult {
    const [sda, scl] = [this.sda.net, this.scl.net]
    const targets = this.targets()
    if (![sda, scl].some((net) => net.isSpoilt(atUs, atUs + AHEAD_US))) return transfer(targets, request, atUs)
    const wires = { sda: new BusWire(sda, 1, atUs), scl: new BusWire(scl, 1, atUs) }
    const { isSdaLeftLow, ...result } = transferSpoilt(targets, request, wires, atUs)
    if (isSdaLeftLow) this.wiring.hold(sda)
    return result
  }

  private get wiring() {
    return this.interpreter.machine.buses.i2c
  }

  /** Behind a broken wire is nobody. */
  private targets() {
    if (this.sda.net.isOpen || this.scl.net.isOpen) return []
    return this.wiring.targetsOn(this.sda.net, this.scl.net)
  }

  private limited(request: Omit<I2cRequest, "maxStretchUs">): I2cRequest {
    if (!this.isHardware) return { ...request, maxStretchUs: SOFTWARE_WAIT_US }
    const cycles = this.interpreter.machine.board.chip === "ESP32" ? STRETCH_CYCLES : STRETCH_CYCLES_IDF4
    return { ...request, maxStretchUs: Math.round((cycles * 1e6) / request.hz) }
  }

  /** START needs two lines that are high and can be pulled low. */
  private stuckLine({ data }: Pick<I2cRequest, "data">): I2cResult | undefined {
    const fault = lineFault("SDA", this.sda) ?? lineFault("SCL", this.scl)
    if (!fault) return
    const durationUs = this.isHardware ? DRIVER_WAIT_US : SOFTWARE_WAIT_US
    const isRead = typeof data === "number"
    return { isRead, isAcked: false, bytes: [], acks: [], isStopped: true, fault, durationUs }
  }

  /** The chip is reset while a part sends a 0: the part holds SDA low, waiting for the next clock (UM10204 §3.1.16). */
  breakOff(): void {
    const { nowUs } = this.interpreter.machine.clock
    if (!this.under || nowUs <= this.under.atUs || nowUs >= this.under.endUs) return
    const { event, atUs } = this.under
    const bit = Math.floor(((nowUs - atUs) * event.hz) / 1e6 - HIGH_BITS)
    const byte = event.isRead ? event.bytes[Math.floor(bit / 9) - 1] : undefined
    const isAcknowledge = bit % 9 === 8
    if (byte !== undefined && !isAcknowledge && !((byte >> (7 - (bit % 9))) & 1)) this.wiring.hold(this.sda.net)
  }
}

function lineFault(line: string, { net }: Pin): string | undefined {
  if (net.level === 0) return `${line} is low`
  return net.isForcedHigh ? `${line} is held high` : undefined
}
