import type { I2cRequest, I2cResult } from "../buses/i2c-message"
import type { Pin } from "./gpio"
import { I2cBus } from "./i2c-bus"
import type { Interpreter } from "./interpreter"

/** Default pins by chip: SDA and SCL of I2C1 and I2C2 (boards/ESP32.py, ESP32C3_IDF4.py and ESP32S3_IDF4.py of Espruino). */
const DEFAULT_PINS: Record<string, [sda: number, scl: number][]> = {
  ESP32: [
    [21, 22],
    [17, 16],
  ],
  "ESP32-C3": [[8, 9]],
  "ESP32-S3": [
    [8, 9],
    [18, 19],
  ],
}
/** jshI2CInitInfo in src/jshardware_common.c. */
const DEFAULT_HZ = 100_000
const MIN_HZ = 100
/**
 * What i2c_master_cmd_begin returns for a driver that was not installed: ESP_ERR_INVALID_STATE, which Espruino has no words for
 * (targets/esp32/jshardwareI2c.c).
 */
const NOT_INSTALLED = "unknown error code 259"

interface Setup {
  sda?: number
  scl?: number
  bitrate?: number
}
type Address = number | { address: number; stop?: boolean }

/**
 * I2C1, I2C2 and `new I2C()` as targets/esp32/jshardwareI2c.c, src/jsi2c.c and src/jswrap_spi_i2c.c have them. A write of no bytes
 * and a read of none send nothing and throw nothing. The hardware ports throw when a byte is not acknowledged; the software
 * port does not look, and reads 0xFF where nobody answers.
 */
export function installI2c(interpreter: Interpreter): void {
  const { realm, machine } = interpreter
  const ports = new WeakMap<object, Port>()
  const prototype = realm.object({})
  const method = (name: string, body: (port: Port, ...args: never[]) => unknown) =>
    Object.defineProperty(prototype, name, {
      value: interpreter.native(name, function (this: unknown, ...args: unknown[]) {
        const port = ports.get(this as object)
        return port && body(port, ...(args as never[]))
      }),
    })
  const make = (defaults: [number, number] | undefined) => {
    const object = Object.setPrototypeOf(realm.object({}), prototype) as object
    ports.set(object, new Port(interpreter, defaults))
    return object
  }
  method("setup", (port, options?: Setup) => port.setup(options ?? {}))
  method("writeTo", (port, address: Address, ...data: unknown[]) => port.write(address, bytesOf(data)))
  method("readFrom", (port, address: Address, count: number) => port.read(address, Number(count) | 0))
  method("readReg", (port, address: number, register: number, count: number) => {
    port.write({ address, stop: false }, [register & 255])
    return port.read(address, Number(count) | 0)
  })
  const constructor = interpreter.native("I2C", () => make(undefined))
  constructor.prototype = prototype
  Object.defineProperty(prototype, "constructor", { value: constructor })
  realm.define("I2C", constructor)
  const hardware = DEFAULT_PINS[machine.board.chip] ?? DEFAULT_PINS.ESP32
  hardware.forEach((pins, i) => realm.define(`I2C${i + 1}`, make(pins)))
}

class Port {
  private bus: I2cBus | undefined
  private hz = DEFAULT_HZ

  constructor(
    private readonly interpreter: Interpreter,
    /** Absent for a software port. */
    private readonly defaults: [number, number] | undefined,
  ) {
    interpreter.onDispose.push(() => this.bus?.breakOff())
  }

  setup({ sda = this.defaults?.[0], scl = this.defaults?.[1], bitrate = DEFAULT_HZ }: Setup): void {
    if (bitrate < MIN_HZ) throw this.error("Invalid I2C bitrate")
    const [sdaPin, sclPin] = [this.find(sda), this.find(scl)]
    if (!sdaPin || !sclPin) {
      if (this.defaults) throw this.error("jshI2CSetup: Invalid arguments")
      return
    }
    this.hz = bitrate
    this.bus = new I2cBus(this.interpreter, sdaPin, sclPin, this.defaults !== undefined)
  }

  write(address: Address, bytes: number[]): undefined {
    if (bytes.length) this.send("jshI2CWrite", address, bytes)
  }

  read(address: Address, count: number): Uint8Array | undefined {
    if (count <= 0) return
    const { bytes = [] } = this.send("jshI2CRead", address, count) ?? {}
    return this.interpreter.realm.bytes(String.fromCharCode(...bytes).padEnd(count, "\0"))
  }

  private send(caller: string, to: Address, data: number[] | number): I2cResult | undefined {
    const isHardware = this.defaults !== undefined
    if (!this.bus && isHardware) throw this.error(`${caller}:, ${NOT_INSTALLED}`)
    const { address, stop = true } = typeof to === "object" ? to : { address: to }
    const request = { address: address & 127, hz: this.hz, data, isStopped: Boolean(stop), checksAck: isHardware }
    const result = this.bus?.send(request)
    if (!result || !isFailed(request, result)) return result
    throw this.error(isHardware ? `${caller}${hardwareFault(result)}` : `I2C Error: ${softwareFault(result)}`)
  }

  /** Undefined for no pin, and for one that cannot pull low. */
  private find(number: number | undefined): Pin | undefined {
    const pin = number === undefined ? undefined : this.interpreter.machine.gpio.find(Number(number))
    return pin?.isInputOnly ? undefined : pin
  }

  private error(message: string): Error {
    return this.interpreter.error("Error", message)
  }
}

function isFailed(request: Omit<I2cRequest, "maxStretchUs">, result: I2cResult): boolean {
  if (result.fault) return true
  return request.checksAck && (!result.isAcked || (!result.isRead && result.acks.includes(false)))
}

const hardwareFault = ({ fault }: I2cResult): string =>
  fault ? ":, Operation timeout because the bus is busy" : ": slave doesn't ACK the transfer"

const softwareFault = ({ fault }: I2cResult): string =>
  fault?.startsWith("SDA") ? "Arbitration (start)" : "Timeout (wr)"

/** Numbers, strings, arrays and typed arrays, in any depth: bytes (jsvIterateCallback in src/jsvariterator.c). */
function bytesOf(data: unknown): number[] {
  if (typeof data === "string") return Array.from(data, (char) => char.charCodeAt(0) & 255)
  if (typeof data !== "object" || data === null) return [Number(data) & 255]
  // The program's arrays lack what the host's have.
  if (Array.isArray(data)) return Array.from(data).flatMap(bytesOf)
  if (ArrayBuffer.isView(data)) return Array.from(data as unknown as ArrayLike<number>, (value) => value & 255)
  const { data: repeated, count } = data as { data?: unknown; count?: number }
  if (repeated === undefined || count === undefined) return []
  return Array.from({ length: count }, () => bytesOf(repeated)).flat()
}
