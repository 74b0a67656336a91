import type { Kind } from "../../src/device/declaration"
import { program, type Context, type ProgramOptions } from "../../src/device/program"
import { encodeSettings } from "../../src/device/settings"
import type { SettingsRecord } from "../../src/device/settings-schema"
import { crc32 } from "../../src/util/crc32"
import { FakeChip } from "../fakes/chip"
import { ScriptedNetwork } from "../fakes/network"
import { FakeStorage } from "../fakes/storage"
import { FakeWifi } from "../fakes/wifi"
import { connack } from "../mqtt/reference"

/** What a pin's kind is in a bundle: the function that opens it. */
const led = ((pin: number) => `led on ${pin}`) as unknown as Kind<string>
const plain = undefined as unknown as Kind<number>
export const declaration = { led, interval: plain }

export const RECORD: SettingsRecord = {
  id: "node",
  ssid: "net",
  pass: "pw",
  host: "10.0.0.2",
  port: 1883,
  s: { led: 5, interval: 2000, unknown: 1 },
}

/** A program on a platform of fakes. */
export class Board {
  readonly chip = new FakeChip()
  readonly network = new ScriptedNetwork()
  readonly storage = new FakeStorage()
  readonly wifi = new FakeWifi()

  start(setup: (context: Context<typeof declaration>) => void, options?: ProgramOptions, record = RECORD): void {
    this.storage.write("mw.a", encodeSettings(record, 1, crc32))
    program(declaration, setup, options)(this)
  }

  /** From the start to an accepted connection; returns the CONNECT. */
  goOnline(): string {
    this.chip.clock.advance(0)
    this.network.allow()
    this.wifi.join()
    const connect = this.network.socket.sent()
    this.network.socket.giveBytes(connack())
    return connect
  }

  warnings(): string[] {
    return this.chip.lines.filter((line) => line.startsWith("warn"))
  }
}
