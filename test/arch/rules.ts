/** The house rules (DESIGN.md, "The house") as data; check.ts applies them to one file, house.test.ts to all; code-rules.ts has the others. */
export interface ImportRule {
  /** The first rule that matches a file is the one that holds for it. */
  files: RegExp
  /** What it may import as values and types. */
  values: RegExp
  /** What it may import as types besides. */
  types: RegExp
  because: string
}

const NOTHING = /^$/
const HAL_TYPES = /^src\/hal\/[a-z0-9-]+$/
const ALL_OF_SRC = /^src\//
/** What turns text into text. */
const CODEC = /^src\/(util\/|mqtt\/(constants|encode|topic|message|reason|explain|will|login|utf8)$)/

/** Targets are paths without ".ts", "npm:name" or "node:name". */
export const IMPORTS: readonly ImportRule[] = [
  {
    files: /^src\/hal\/espruino\//,
    values: /^src\/hal\/espruino\//,
    types: HAL_TYPES,
    because: "hal/espruino is the one adapter to audit: it knows the interfaces it fulfils and nothing else",
  },
  {
    files: /^src\/hal\//,
    values: NOTHING,
    types: HAL_TYPES,
    because: "hal is interfaces only, erased to zero bytes: a driver depends on an interface, never on a chip",
  },
  {
    files: /^src\/util\//,
    values: /^src\/util\//,
    types: NOTHING,
    because: "util is pure and is tested without fakes",
  },
  {
    files: /^src\/mqtt\/(parts|contract)\.ts$/,
    values: NOTHING,
    types: /^src\/(hal\/[a-z-]+|mqtt\/.*)$/,
    because: "these are types only: what a program passes to createMqtt is what its bundle carries",
  },
  {
    files: /^src\/mqtt\/(constants|encode|topic|message|reason|explain|will|login|utf8)\.ts$/,
    values: CODEC,
    types: NOTHING,
    because: "the codec turns text into text: no clock, no socket, no session, and nothing of MQTT 5 in 3.1.1",
  },
  {
    files: /^src\/mqtt\/v5\/(properties|message)\.ts$/,
    values: /^src\/mqtt\/(constants|encode|message|v5\/properties)$/,
    types: NOTHING,
    because: "the codec of MQTT 5 turns text into text: no clock, no socket, no session",
  },
  {
    files: /^src\/mqtt\/(session|qos1|qos2|slices|unsubscribe)\.ts$/,
    values: CODEC,
    types: /^src\/(hal\/socket|mqtt\/(parts|contract))$/,
    because:
      "session, acknowledgements and slices are passed to a client: they know neither it, nor a clock, nor each other",
  },
  {
    files: /^src\/mqtt\/persist[a-z-]*\.ts$/,
    values: CODEC,
    types: /^src\/(hal\/storage|mqtt\/parts)$/,
    because: "persistence keeps byte strings under keys in whatever Storage it is given",
  },
  {
    files: /^src\/mqtt\/v5\//,
    values: /^src\/(util\/|mqtt\/(constants|encode|topic|message|will|login)$|mqtt\/v5\/)/,
    types: /^src\/(hal\/[a-z-]+|mqtt\/(parts|contract))$/,
    because: "MQTT 5 is passed to a client, whose session and socket it sees through mqtt/parts",
  },
  {
    files: /^src\/mqtt\/client\.ts$/,
    values: CODEC,
    types: /^src\/(hal\/[a-z-]+|mqtt\/(parts|contract))$/,
    because:
      "a client imports no part of itself: QoS 1 and 2, MQTT 5 and slices are passed to it, or no bundle could do without",
  },
  {
    files: /^src\/drivers\/[a-z0-9-]+\.ts$/,
    values: /^src\/(util\/|drivers\/(errors$|[a-z0-9-]+\/))/,
    types: HAL_TYPES,
    because: "drivers know interfaces, pure helpers and what their family shares: not each other, not mqtt, not boards",
  },
  {
    files: /^src\/drivers\/[a-z0-9-]+\//,
    values: /^src\/(util\/|drivers\/(errors$|[a-z0-9-]+\/))/,
    types: HAL_TYPES,
    because: "what a family of drivers shares knows no driver",
  },
  {
    files: /^src\/net\//,
    values: /^src\/(util|net)\//,
    types: HAL_TYPES,
    because: "net sees the MQTT client through two methods of its own interface",
  },
  {
    files: /^src\/device\//,
    values: /^src\/(util|net|mqtt|device)\//,
    types: /^src\/(hal\/[a-z-]+$|drivers\/)/,
    because: "device is where a temperature meets a topic; chips and drivers reach it as arguments",
  },
  {
    files: /^examples\/[a-z0-9-]+\.test\.ts$/,
    values: /^(npm:vitest|tools\/sim\/index)$/,
    types: NOTHING,
    because: "an example's test is what a user writes: it has the library motewire/sim and a test framework, no more",
  },
  {
    files: /^(src\/apps\/|src\/[a-z-]+\.ts$|examples\/)/,
    values: ALL_OF_SRC,
    types: ALL_OF_SRC,
    because: "programs wire device code together; npm, Node, sim, tools and test cannot run on the chip",
  },
  {
    files: /^sim\/web\//,
    values: /^(sim\/web\/|npm:)/,
    types: /^sim\//,
    because: "the page is a view: it holds no state, and deleting it changes no result",
  },
  {
    files: /^sim\//,
    values: /^(sim\/(?!web)|npm:|node:)/,
    types: HAL_TYPES,
    because: "a simulated part is the datasheet read a second time: code shared with the driver lets errors cancel",
  },
  {
    files: /^tools\/(?!cli\/)/,
    values: /^(?!tools\/cli\/)/,
    types: NOTHING,
    because: "the command line is built on these, and can be left out (motewire/sim)",
  },
  { files: /^(tools|test)\//, values: /./, types: /./, because: "the command line and tests may import anything" },
]

/** Nobody else may import these, whatever the rules above would let through. */
export const IMPORTED_BY_NOTHING = /^(tools|test)\//
