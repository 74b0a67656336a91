import type { PinUse } from "../../src/device/settings-schema"
import { pinCalled, type Level } from "./boards"
import { addressOf, PARTS, type Part, type PartEnd, type PartsOf } from "./parts"
import { choosePin, inWordsOf, oneOf } from "./pins"
import type { Problem } from "./problem"
import { takenPins, type TakenPin } from "./settings"

/** One end of a part at its pin. */
interface Wired extends PartEnd {
  key: string
  /** "fan.coil" */
  name: string
  /** "the relay" */
  is: string
  end: string
  pin: string
}

/** The device's board, and all pins that its settings and parts have. */
type Header = Pick<PartsOf, "board"> & { taken: string[] }

interface WiringFaults {
  problems: Problem[]
  warnings: Problem[]
}

/** What is wrong with parts that are wired to pins which exist: the pin itself, the company there, the level at reset. */
export function wiringFaults(parts: Part[], device: PartsOf): WiringFaults {
  const found: WiringFaults = { problems: [], warnings: [] }
  const taken = takenPins(device.schema, device.values)
  const ends = parts.flatMap((part) => endsOf(part, device))
  const pins = taken.map(({ number }) => pinCalled(device.board, number))
  const header = { board: device.board, taken: [...pins, ...ends.map(({ pin }) => pin)] }
  ends.forEach((end, at) => {
    const setting = taken.find(({ number }) => pinCalled(device.board, number) === end.pin)
    if (setting) checkUse(found, end, setting)
    else checkPin(found, end, header)
    checkReset(found, end, header)
    const first = ends.find((each, i) => i < at && each.pin === end.pin)
    if (first) checkCompany(found, first, end, header)
  })
  found.warnings.push(...sharedAddresses(parts, device))
  return found
}

function endsOf({ name, part, pins, options }: Part, { board, prefix }: PartsOf): Wired[] {
  return Object.entries(pins).map(([end, number]) => ({
    ...PARTS[part].pins[end],
    // A DS18B20 without its module brings no resistor.
    ...(options?.pullUp === false && { atReset: "nothing" }),
    key: `${prefix}.parts.${name}.${end}`,
    name: `${name}.${end}`,
    is: `the ${part}`,
    end,
    pin: pinCalled(board, number),
  }))
}

/** No setting answers for this pin. */
function checkPin(found: WiringFaults, { key, use, name, is, pin }: Wired, { board, taken }: Header): void {
  // A UART's pins are the firmware's choice: only what no use may have is refused.
  const { problem, warnings } = choosePin(board, name, use ?? "input", pin, taken)
  if (problem && (use || board.pins[pin].flash)) found.problems.push({ key, ...problem })
  if (!use) return
  const unused = { reason: `no setting of the program is ${pin}, so it does not know of ${is}`, remedy: UNUSED }
  found.warnings.push(...[unused, ...warnings].map((warning) => ({ key, ...warning })))
}

const UNUSED = "Wire it to a setting's pin, by the setting's name."

/** What a program does to a pin, and what hangs there, as far as they get on. */
const KIND: Record<PinUse, string> = {
  output: "driven",
  pwm: "driven",
  strip: "strip",
  input: "input",
  analog: "analog",
  wire: "wire",
  "one-wire": "one-wire",
  i2c: "i2c",
}

const isDriven = (use?: PinUse) => use !== undefined && ["driven", "strip"].includes(KIND[use])

/** What drives a pin must not hang at an output: a button there shorts it to ground. Elsewhere the simulation makes no sense. */
function checkUse(found: WiringFaults, { key, use, is, end, pin }: Wired, setting: TakenPin): void {
  if (use === "i2c" && setting.use === "i2c" && !setting.name.endsWith(`.${end}`))
    found.warnings.push({ key, reason: `${pin} is ${setting.name}`, remedy: "Swap the two wires of the bus." })
  if (!use || KIND[use] === KIND[setting.use]) return
  const reason = `${pin} is ${setting.name}, ${inWordsOf(setting.use)}, and ${is} wants ${inWordsOf(use)}`
  const isShort = isDriven(setting.use) && !isDriven(use)
  found[isShort ? "problems" : "warnings"].push({ key, reason, remedy: "Wire it to the setting that is meant for it." })
}

/** Buses are shared end by end, loads follow one output together; nothing else gets on with company. */
function checkCompany(
  found: WiringFaults,
  first: Wired,
  { key, use, is, end, pin }: Wired,
  { board, taken }: Header,
): void {
  if (use === first.use && (use === "one-wire" || (use === "i2c" && end === first.end))) return
  const reason = `${pin} is already taken by ${first.name}`
  const alone = use ? ` ${oneOf(board, use, taken)}` : ""
  if (!isDriven(use) || !isDriven(first.use))
    found.problems.push({ key, reason, remedy: `Give each part a pin of its own.${alone}` })
  else
    found.warnings.push({
      key,
      reason: `${reason}, so ${is} does what that does`,
      remedy: `Leave it if they are to switch together.${alone}`,
    })
}

/** Both answer at once there: what is read is the AND of the two. */
function sharedAddresses(parts: Part[], { prefix }: PartsOf): Problem[] {
  const places = parts.map((part) => ("sda" in part.pins ? `${part.pins.sda} ${addressOf(part)}` : undefined))
  return parts.flatMap((part, at) => {
    const first = places.indexOf(places[at])
    if (places[at] === undefined || first === at) return []
    const reason = `${part.name} and ${parts[first].name} are at ${addressOf(part)} of one bus, and answer both at once`
    return [{ key: `${prefix}.parts.${part.name}`, reason, remedy: remedyFor(part) }]
  })
}

/** Only some parts may be told another address. */
function remedyFor({ part }: Part): string {
  const option = PARTS[part].options?.address
  const known =
    typeof option === "object" && "oneOf" in option ? ` Write an "address": one of ${option.oneOf.join(", ")}.` : ""
  return `Give each an address of its own, or a bus.${known}`
}

const LEVELS: Record<PartEnd["atReset"], Level[]> = {
  "pulls it up": ["high"],
  "pulls it down": ["low"],
  "may drive it high or low": ["low", "high"],
  nothing: [],
}

/** A pull of a module overcomes the chip's own 45 kOhm, and the board's 10 kOhm at a boot button leaves no sure level. */
function checkReset(found: WiringFaults, { key, is, use, atReset, pin }: Wired, { board, taken }: Header): void {
  const { wrong, then, stopsBoot } = board.pins[pin].strapping ?? {}
  if (!wrong || !LEVELS[atReset].includes(wrong)) return
  const reason = `${pin} is a strapping pin, and ${is} ${atReset} at reset: ${wrong} ${then}`
  const problem = { key, reason, remedy: oneOf(board, use ?? "output", taken) }
  if (stopsBoot) found.problems.push(problem)
  else found.warnings.push(problem)
}
