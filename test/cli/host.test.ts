import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { Host } from "../../tools/cli/sim/host"
import { PULSE_BYTES, type FromWorker, type Setup } from "../../tools/cli/sim/protocol"

const folder = mkdtempSync(join(tmpdir(), "motewire-host-"))
let files = 0

/** A host whose worker runs `code` instead of a house; pulse[1] = 2 says that bulb is at work. */
function host(code: string, onMessage: (message: FromWorker) => void = () => {}): Host {
  const file = join(folder, `${files++}.mjs`)
  const prelude = `import { parentPort as port, workerData } from "node:worker_threads"
    const pulse = new Int32Array(workerData.pulse)\n`
  writeFileSync(file, prelude + code)
  const devices = [{ name: "climate" }, { name: "bulb" }]
  const setup = { devices, pulse: new SharedArrayBuffer(PULSE_BYTES) } as unknown as Setup
  return new Host(file, setup, onMessage, { hangMs: 300, lookMs: 50, heapMb: 32 })
}

const BEAT = `setInterval(() => Atomics.add(pulse, 0, 1), 10)\n`

test("a run that ends gives its summary", async () => {
  const summary = { houseUs: 5, hostMs: 1, messages: 2, halts: 0 }
  await expect(host(`port.postMessage({ say: "ended", summary: ${JSON.stringify(summary)} })`).ended).resolves.toEqual(
    summary,
  )
})

test("stop reaches the worker, and what the worker says reaches the command", async () => {
  const heard: FromWorker[] = []
  const asked = host(
    `${BEAT} port.postMessage({ say: "ready", broker: {} })
     port.on("message", (m) => port.postMessage({ say: "ended", summary: { asked: m.ask } }))`,
    (message) => {
      heard.push(message)
      asked.stop()
    },
  )
  await expect(asked.ended).resolves.toEqual({ asked: "stop" })
  expect(heard).toEqual([{ say: "ready", broker: {} }])
})

test("a reason the worker gives is told as it is", async () => {
  await expect(host(`port.postMessage({ say: "refused", reason: "port 80 is taken" })`).ended).rejects.toThrow(
    /^port 80 is taken$/,
  )
})

test("a worker that hangs is put down and the board at work is named", async () => {
  await expect(host(`${BEAT} setTimeout(() => { pulse[1] = 2; for (;;); }, 100)`).ended).rejects.toThrow(
    "the simulator has stood still for 0.3 s while bulb was running. Look there for a loop.",
  )
})

test("a worker that beats is left alone however long it says nothing", async () => {
  const end = `setTimeout(() => port.postMessage({ say: "ended", summary: {} }), 800)`
  await expect(host(BEAT + end).ended).resolves.toEqual({})
})

test("a worker that runs out of memory is told with its limit and the board", async () => {
  await expect(
    host(`pulse[1] = 1; const a = []; for (;;) a.push(new Array(1000).fill(0).map(String))`).ended,
  ).rejects.toThrow("the simulator ran out of memory (32 MB) while climate was running.")
})

test("a worker that exits or throws is never taken for a good end", async () => {
  await expect(host(`process.exit(0)`).ended).rejects.toThrow("the simulator ended without a word")
  await expect(host(`throw new TypeError("a bug")`).ended).rejects.toThrow("a bug")
})
