import { describe, expect, it } from "vitest"
import { broken } from "./check"

/** [file, text, what must be told] */
const BROKEN: [file: string, text: string, told: RegExp][] = [
  ["src/hal/clock.ts", 'import { a } from "./pin"', /:1 imports .\/pin: hal is interfaces only/],
  ["src/hal/clock.ts", 'import type { Alarm } from "../util/x"', /hal is interfaces only/],
  ["src/util/crc32.ts", 'import type { Clock } from "../hal/clock"', /util is pure/],
  ["src/hal/espruino/pwm.ts", 'import { crc } from "../../util/crc32"', /one adapter to audit/],
  ["src/mqtt/encode.ts", 'import type { Clock } from "../hal/clock"', /text into text/],
  ["src/mqtt/encode.ts", 'import { x } from "./session"', /text into text/],
  ["src/mqtt/encode.ts", 'import { u32 } from "./v5/properties"', /nothing of MQTT 5/],
  ["src/mqtt/topic.ts", 'import type { Session } from "./parts"', /text into text/],
  ["src/mqtt/v5/properties.ts", 'import type { Five } from "../parts"', /text into text/],
  ["src/mqtt/v5/message.ts", 'import { mqtt5 } from "./mqtt5"', /text into text/],
  ["src/mqtt/parts.ts", 'import { chr } from "./encode"', /types only/],
  ["src/mqtt/contract.ts", 'import { chr } from "./encode"', /types only/],
  ["src/mqtt/session.ts", 'import { x } from "./client"', /passed to a client/],
  ["src/mqtt/session.ts", 'import { qos1 } from "./qos1"', /passed to a client/],
  ["src/mqtt/session.ts", 'import type { Clock } from "../hal/clock"', /passed to a client/],
  ["src/mqtt/qos2.ts", 'import { createSession } from "./session"', /passed to a client/],
  ["src/mqtt/slices.ts", 'import { createMqtt } from "./client"', /passed to a client/],
  ["src/mqtt/persistence.ts", 'import { platform } from "../hal/espruino/platform"', /whatever Storage/],
  ["src/mqtt/v5/mqtt5.ts", 'import { createSession } from "../session"', /passed to a client/],
  ["src/mqtt/client.ts", 'import { qos2 } from "./qos2"', /no part of itself/],
  ["src/mqtt/client.ts", 'import { property } from "./v5/mqtt5"', /no part of itself/],
  ["src/mqtt/client.ts", 'import { platform } from "../hal/espruino/platform"', /no part of itself/],
  ["src/drivers/dht22.ts", 'import { x } from "./relay"', /not each other/],
  ["src/drivers/dht22.ts", 'import type { M } from "../mqtt/client"', /not mqtt/],
  ["src/drivers/dht22.ts", 'import pins from "../../boards/esp32.json"', /not boards/],
  ["src/drivers/dht22.ts", '\n\nimport { openWire } from "../hal/espruino/wire"', /dht22\.ts:3 imports/],
  ["src/net/supervisor.ts", 'import { createMqtt } from "../mqtt/client"', /two methods/],
  ["src/device/program.ts", 'import { Dht22 } from "../drivers/dht22"', /reach it as arguments/],
  ["src/device/program.ts", 'import { platform } from "../hal/espruino/platform"', /reach it as arguments/],
  ["src/apps/climate.ts", 'import fs from "node:fs"', /imports node:fs: programs wire device code/],
  ["src/apps/climate.ts", 'import _ from "lodash"', /cannot run on the chip/],
  ["src/index.ts", 'export { House } from "../sim/house"', /cannot run on the chip/],
  ["examples/button.ts", 'import { x } from "../test/fakes/clock"', /cannot run on the chip/],
  ["examples/button.ts", 'import { bootHouse } from "motewire/sim"', /cannot run on the chip/],
  ["examples/button.test.ts", 'import { House } from "../sim/house"', /the library motewire\/sim/],
  ["sim/parts/dht22.ts", 'import { decode } from "../../src/drivers/dht22"', /a second time/],
  ["sim/parts/dht22.ts", 'import type { D } from "../../src/drivers/dht22"', /a second time/],
  ["sim/house.ts", 'import { x } from "../src/hal/clock"', /a second time/],
  ["sim/house.ts", 'import { x } from "../tools/cli/main"', /a second time/],
  ["sim/house.ts", 'const x = await import("../src/mqtt/encode")', /a second time/],
  ["sim/web/page.ts", 'import { House } from "../house"', /the page is a view/],
  ["src/net/backoff.ts", 'export const x: import("../mqtt/client").M = 1', /two methods/],
  ["tools/monitor/a.ts", 'import { version } from "../cli/version"', /built on these/],
  ["tools/house.ts", 'import type { View } from "./cli/view/view"', /built on these/],
  ["other/a.ts", "", /no rule/],
  [
    "src/net/backoff.ts",
    "declare const setTimeout: any\nexport const f = () => setTimeout(f, 1)",
    /backoff\.ts:2 chip global/,
  ],
  ["src/net/backoff.ts", "export const now = () => Date.now()", /chip global/],
  ["src/net/backoff.ts", "export const f = () => console.log(1)", /chip global/],
  ["src/apps/climate.ts", "declare const D4: number\nexport const f = () => D4", /chip global/],
  ["examples/a.ts", "declare const E: any\nexport const f = () => E.reboot()", /only hal\/espruino names/],
  ["src/drivers/dht22.ts", "export const f = (isSimulated: boolean) => isSimulated", /asks where it runs/],
  ["src/drivers/dht22.ts", "export const f = (c: any) => { while (c.nowMs() < 5) {} }", /busy wait/],
  [
    "src/hal/espruino/x.ts",
    "declare const getTime: any\nexport const f = () => { for (const t = getTime(); getTime() < t; ); }",
    /blocks the whole chip/,
  ],
  ["src/device/loop.ts", "let count = 0\nexport const next = () => ++count", /mutable singleton/],
  ["src/device/loop.ts", "export const queue: string[] = []", /mutable singleton/],
  ["src/device/loop.ts", "class A {}\nexport const a = new A()", /mutable singleton/],
  ["sim/clock/clock.ts", "export const f = () => Date.now()", /host time/],
  ["sim/network/tcp.ts", "setTimeout(() => {}, 1)", /host time/],
  ["sim/network/tcp.ts", 'import { setTimeout } from "node:timers/promises"', /host timers module/],
  ["sim/network/tcp.ts", "export const f = () => Math.random()", /comes from its seed/],
  ["sim/network/tcp.ts", 'import { randomBytes } from "node:crypto"', /comes from its seed/],
]

const KEPT: [file: string, text: string][] = [
  [
    "src/drivers/dht22.ts",
    'import type { Clock } from "../hal/clock"\nimport { crc } from "../util/crc32"\nexport const x = crc',
  ],
  [
    "src/mqtt/client.ts",
    'import type { Clock } from "../hal/clock"\nimport * as C from "./constants"\nexport const x = C.A',
  ],
  [
    "src/apps/climate.ts",
    'import { program } from "motewire"\nimport { D } from "motewire/drivers/dht22"\nexport default program(D)',
  ],
  [
    "examples/button.test.ts",
    'import { bootHouse } from "motewire/sim"\nimport { it } from "vitest"\nit("x", bootHouse)',
  ],
  ["src/hal/espruino/wire.ts", "declare const setWatch: any\nexport const open = () => setWatch()"],
  ["src/device/declaration.ts", "declare const __SCHEMA__: boolean\nexport const on = () => __SCHEMA__"],
  [
    "src/device/loop.ts",
    "export const TABLE = [1, 2]\nexport const f = () => { let n = 0; const q = []; return [n, q, Math.max(1, 2)] }",
  ],
  [
    "src/device/loop.ts",
    "class A { a = new Uint8Array(2); f() { const setTimeout = 1; return setTimeout } }\nexport const f = () => new A()",
  ],
  [
    "sim/house.ts",
    'import type { Clock } from "../src/hal/clock"\nimport mqtt from "mqtt-packet"\nimport vm from "node:vm"\nexport const x: [Clock, mqtt, vm] = 1',
  ],
  ["sim/clock/pace.ts", 'import { setTimeout } from "node:timers/promises"\nexport const f = () => performance.now()'],
  [
    "tools/cli/main.ts",
    'import { x } from "./view/view"\nimport { y } from "../build/program"\nexport const z = [x, y]',
  ],
  [
    "tools/build/program.ts",
    'import { x } from "../../sim/house"\nimport fs from "node:fs"\nconsole.log(Date.now(), fs, x)',
  ],
]

describe("the checker", () => {
  it.each(BROKEN)("tells of %s: %s", (file, text, told) => {
    expect(broken(file, text).join("\n")).toMatch(told)
  })

  it.each(KEPT)("says nothing of %s: %s", (file, text) => {
    expect(broken(file, text)).toEqual([])
  })
})
