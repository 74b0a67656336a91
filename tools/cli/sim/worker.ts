import { createWriteStream, openSync, type WriteStream } from "node:fs"
import { parentPort, workerData } from "node:worker_threads"
import { pace } from "../../../sim/clock/pace"
import type { HouseEvent } from "../../../sim/events"
import { FaultError } from "../../../sim/faults/value"
import { plugIn } from "../../../sim/console/line"
import { House } from "../../../sim/house"
import { recordedRoom } from "../../../sim/room"
import { Recorder } from "../../../sim/trace/recorder"
import { openTerminal, type Terminal } from "../../console/terminal"
import { Places } from "../places"
import { openDoor } from "./door"
import { Ends } from "./ends"
import { Outbox } from "./outbox"
import { PULSE_DEVICE, PULSE_TURNS, Refused, type FromWorker, type Heard, type Setup, type ToWorker } from "./protocol"
import { levelOf, reaches } from "../../text/say"

/** A frame is drawn every 125 ms: newer than that is not seen. */
const VIEW_MS = 100

const setup = workerData as Setup
const pulse = new Int32Array(setup.pulse)
const post = (message: FromWorker) => parentPort!.postMessage(message)

const heard: Heard = {}
/** The broker remembers a message before it hands it on, so the newest of the topic is the one handed on. */
function hear({ broker }: House, { client, atUs, topic = "" }: HouseEvent & { kind: "mqtt" }): void {
  const message = broker.messages.findLast((each) => each.topic === topic)
  if (message) heard[client] = { atUs, topic, payload: message.payload }
}

/** Runs the house in this thread until its time is over or the command says stop. */
async function main(): Promise<void> {
  const { seed, devices, network, broker, room } = setup
  const house = new House({ seed, devices, network, broker, room: room && recordedRoom(room), trace: false })
  const trace = setup.trace && openTrace(setup.trace.file)
  const recorder = trace && record(house, trace)
  const outbox = new Outbox(post)
  const bundles = devices.map(({ name, bundle }) => [name, { code: bundle, map: setup.maps[name]! }])
  const programOf = (device: string, file: string) => house.devices.get(device)?.chip.interpreter?.realm.programOf(file)
  const places = new Places(Object.fromEntries(bundles), programOf)
  const ends = new Ends()
  const count = { messages: 0, halts: 0 }
  const order = new Map(devices.map(({ name }, i) => [name, i + 1]))
  house.on((event) => {
    Atomics.store(pulse, PULSE_DEVICE, order.get(event.device) ?? 0)
    if (event.kind === "halt") count.halts++
    if (event.kind === "mqtt" && event.action === "publish") count.messages++
    if (setup.isLive && event.kind === "mqtt" && event.action === "deliver") hear(house, event)
    recorder?.event(event)
    const shown = places.mapped(event)
    ends.hear(shown, house.devices.get(event.device)?.chip.stage.kind === "boot")
    if (reaches(levelOf(event), setup.level)) outbox.add(shown)
  })
  const stop = new AbortController()
  parentPort!.on("message", (asked: ToWorker) => {
    if (asked.ask === "stop") stop.abort()
    else if (asked.ask === "more") outbox.wasRead()
    else house.device(asked.device).parts[asked.part].press()
  })
  for (const fault of setup.faults) addFault(house, fault)
  const terminal = setup.console === undefined ? undefined : await openConsole(house, setup.console)
  post({ say: "ready", broker: await openDoor(house, setup), ...(terminal && { console: terminal.path }) })
  const startedMs = performance.now()
  await turn(house, outbox, stop.signal, () => trace?.writableNeedDrain === true)
  const hostMs = Math.round(performance.now() - startedMs)
  await house.close()
  terminal?.close()
  outbox.flush()
  recorder?.end(house.nowUs)
  if (trace) await new Promise((resolve) => trace.end(resolve))
  const energy = setup.tellsEnergy ? devices.map(({ name }) => house.energy(name)) : undefined
  const summary = { houseUs: house.nowUs, hostMs, ...count, failures: ends.failures(house), ...(energy && { energy }) }
  post({ say: "ended", summary })
}

async function openConsole(house: House, device: string): Promise<Terminal> {
  const terminal = await openTerminal()
  const line = plugIn(house, device, queueMicrotask)
  terminal.onData((bytes) => line.write(bytes))
  line.onData((bytes) => terminal.write(bytes))
  return terminal
}

/** Looked up before the house starts: a slip is told at once. */
function addFault(house: House, fault: string): void {
  try {
    house.fault(fault)
  } catch (error) {
    throw error instanceof FaultError ? new Refused(error.message) : error
  }
}

async function turn(house: House, outbox: Outbox, signal: AbortSignal, isBehind: () => boolean): Promise<void> {
  let shownMs = -Infinity
  const between = () => {
    Atomics.add(pulse, PULSE_TURNS, 1)
    outbox.flush()
    if (!setup.isLive || performance.now() - shownMs < VIEW_MS) return
    shownMs = performance.now()
    post({ say: "view", view: house.view(), heard })
  }
  house.boot()
  const untilUs = setup.forUs ?? Infinity
  // A reader that is behind holds the house's time, not the other way round.
  const turnable = {
    get nowUs() {
      return house.nowUs
    },
    turn(toUs: number) {
      between()
      return outbox.isFull || isBehind() ? false : house.turn(toUs)
    },
  }
  await pace(turnable, { speed: setup.speed, untilUs, signal })
  between()
}

function record(house: House, trace: WriteStream): Recorder {
  const { header } = setup.trace!
  const specs = new Map(setup.devices.map((spec) => [spec.name, spec]))
  const devices = header.devices.map((device) => {
    const settings = specs.get(device.name)!.record
    return { ...device, mac: house.device(device.name).chip.mac, ...(settings && { settings }) }
  })
  const records = setup.devices.map((spec) => spec.record)
  return new Recorder({ ...header, devices }, records, (text) => trace.write(text))
}

/** Opened before the house starts: a name that cannot be written is told at once. */
function openTrace(file: string): WriteStream {
  const reason = (error: unknown) => `cannot write the trace ${file}: ${(error as Error).message}.`
  try {
    const stream = createWriteStream(file, { fd: openSync(file, "w") })
    return stream.on("error", (error) => post({ say: "refused", reason: reason(error) }))
  } catch (error) {
    throw new Refused(reason(error))
  }
}

await main().catch((error: unknown) => {
  if (!(error instanceof Refused)) throw error
  post({ say: "refused", reason: error.message })
})
