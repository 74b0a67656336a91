import { WHY_NO_MOSQUITTO } from "../../test/brokers/mosquitto"
import { WHY_NO_SIGROK } from "../../test/readers/sigrok"
import { WHY_NO_PTY } from "../../test/serial/pty"
import { INTERPRETERS, WHY_NO_INTERPRETER } from "../../test/vm/interpreter"
import { allocations } from "./allocations"
import { boards } from "./boards"
import { codec } from "./codec"
import { crowd } from "./crowd"
import { drivers } from "./drivers"
import { flashing, pretokenised } from "./flash"
import { forecast } from "./forecast"
import { growth, growthOverBroker } from "./growth"
import { heap } from "./heap"
import { memory } from "./memory"
import { close, note } from "./report"
import { rest } from "./rest"
import { roundTrips } from "./round-trips"
import { sizes } from "./sizes"
import { speed } from "./speed"
import { traces } from "./traces"

/** Messages of each kind; those of issue 3's bar take a quarter of an hour: `npm run bench -- growth-in-full`. */
const SOME = 3000
const ALL = 100_000

const onEach = async (run: (interpreter: (typeof INTERPRETERS)[number]) => Promise<void>): Promise<void> => {
  for (const interpreter of INTERPRETERS) await run(interpreter)
}

const WHY_NO_CHIP_LIKE = INTERPRETERS.some(({ isChipLike }) => isChipLike)
  ? undefined
  : "no Espruino for Linux with the chip's settings: put `espruino-chip` on PATH or its path into ESPRUINO_CHIP"

/** Each part, and what it cannot do without. */
const PARTS: Record<string, [run: () => void | Promise<void>, ...missing: (string | undefined)[]]> = {
  boards: [boards],
  crowd: [crowd],
  sizes: [sizes],
  drivers: [drivers],
  speed: [speed],
  codec: [codec],
  heap: [heap],
  "round-trips": [roundTrips, WHY_NO_MOSQUITTO],
  allocations: [() => onEach(allocations), WHY_NO_INTERPRETER],
  rest: [rest, WHY_NO_INTERPRETER, WHY_NO_MOSQUITTO],
  growth: [() => growth(SOME), WHY_NO_INTERPRETER],
  "growth-over-broker": [growthOverBroker, WHY_NO_INTERPRETER, WHY_NO_MOSQUITTO],
  memory: [() => onEach(memory), WHY_NO_INTERPRETER, WHY_NO_MOSQUITTO],
  forecast: [() => forecast(INTERPRETERS.find(({ isChipLike }) => isChipLike)!), WHY_NO_CHIP_LIKE, WHY_NO_MOSQUITTO],
  pretokenised: [pretokenised],
  flash: [() => onEach(flashing), WHY_NO_INTERPRETER, WHY_NO_PTY],
  traces: [traces, WHY_NO_SIGROK],
  "growth-in-full": [() => growth(ALL), WHY_NO_INTERPRETER],
}

// Behind the name of this file: see run.mjs.
const asked = process.argv.slice(3)
for (const part of asked.length ? asked : Object.keys(PARTS).filter((name) => name !== "growth-in-full")) {
  const [run, ...missing] = PARTS[part] ?? [() => note(`\nno part ${part}: ${Object.keys(PARTS).join(", ")}`)]
  const why = missing.find(Boolean)
  if (why) note(`\n${part} not measured, ${why}`)
  else await run()
}
close()
