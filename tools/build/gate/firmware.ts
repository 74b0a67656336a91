import { FIRMWARE, isGlobal } from "./builtins"
import type { Rule } from "./rule"

/** The adapter to the chip: it alone calls the firmware (DESIGN.md D2). */
const ADAPTER = /^src\/hal\/espruino\//
/** Of the standard's, `globalThis` is left to who means it. */
const FIRMWARE_NAME = new RegExp(`^(?!globalThis$)(${FIRMWARE.join("|")})$`)

/** What a program has for it. */
const OWN: readonly [names: RegExp, remedy: string][] = [
  [
    /^set(Timeout|Interval)$/,
    "Set an alarm, `const wait = clock.alarm(run)` and `wait.set(1000)`, or use every(ms, run).",
  ],
  [/^(clear(Timeout|Interval)|changeInterval)$/, "Keep the alarm of clock.alarm(run): it has `set` and `clear`."],
  [/^(console|print)$/, "Use log(text) or warn(text)."],
  [/^process$/, "What differs between devices is a setting: flash.config.json gives its value."],
  [/^(get|set)Time$/, "Use clock.nowMs()."],
  [/^((set|clear)Watch|digitalRead)$/, "Declare a setting input(): it has `isHigh` and `watch`."],
  [/^(digital(Write|Pulse)|pinMode)$/, "Declare a setting output(): it has `write`."],
  [/^analogWrite$/, "Declare a setting pwm(): it has `write`."],
  [/^analogRead$/, "Declare a setting analog(): it has `read`."],
  [/^(D\d+|Pin)$/, "Declare a setting for the pin: flash.config.json says which one it is."],
  [/^I2C[123]?$/, "Declare a setting i2c()."],
  [/^Serial[1-6]?$/, "Declare a setting serial(9600)."],
  [/^OneWire$/, "Declare a setting oneWire()."],
  [/^(reset|load|quit|reboot)$/, "Use restart(why)."],
]

/** Text that declares the name for itself: types do not have it, so its author knows what is asked. */
const declares = (name: string) => new RegExp(`\\bdeclare\\s+(const|let|var|function)\\s+${name}\\b`)

/** The firmware's own globals. They are on the chip, but the simulator need not have them, and no type knows them. */
export const OWNED: readonly Rule[] = [
  {
    what: "global of the firmware",
    on: ["Identifier"],
    stage: "written",
    broken: (node, view) => FIRMWARE_NAME.test(node.name) && isGlobal(node, view),
    excused: ({ name }, file, text) => ADAPTER.test(file) || declares(name).test(text()),
    reason: ({ name }) => `${name} is the firmware's own: only src/hal/espruino uses it.`,
    remedy: ({ name }) =>
      OWN.find(([names]) => names.test(name))?.[1] ??
      `Import what motewire has for it. Where it has nothing, \`declare\` it in this file: the simulator may lack it.`,
  },
]
