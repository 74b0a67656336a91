import { number, program } from "motewire"
import { dht22 } from "motewire/drivers/dht22"
import { average } from "./averages"
import { counter } from "./counter"
import { startEvents } from "./events"
import { overrun, fill } from "./limits"
import { load } from "./promises"
import { Station } from "./station"
import { read, refuseLimit } from "./texts"

interface Reading {
  values: { celsius: number }
}

/** One fault after the other, each said beforehand; test/vm/monitor.test.ts knows their lines by the comment behind them. */
export default program({ count: number(14, 1, 14) }, ({ clock, log, settings }) => {
  const emit = startEvents()
  const count = counter()
  const station = new Station("cellar")
  const nothing = undefined as Reading | undefined
  let step = 0

  function showReading(): void {
    log("celsius: " + nothing!.values.celsius) // FAULT nested
  }

  function show(): void {
    if (step) showReading() // CALLER nested
  }

  // Of a function that is called once the minifier makes a part of its caller.
  const later = clock.alarm(showReading)
  const faults: [name: string, run: () => void][] = [
    ["timer", () => (nothing as unknown as { measure(): void }).measure()], // FAULT timer
    ["event", emit],
    ["promise", load],
    ["driver", () => dht22(nothing as never, clock).sample(log as never)],
    ["nested", show],
    ["closure", count.up],
    ["class", () => station.report()],
    ["stack", () => overrun(log)],
    ["callback", () => log("average: " + average([1, 2, 3]))],
    ["custom", refuse],
    ["template", () => log(title(nothing))],
    ["text", () => refuseLimit(faults.length)],
    ["json", () => log("read: " + read("{bad"))],
    ["memory", () => fill(log)],
  ]

  const alarm = clock.alarm(() => {
    const [name, run] = faults[step]!
    step++
    later.clear()
    // The sensor is asked after 2 s, and the last fault ends the program.
    if (step < settings.count) alarm.set(step === faults.length - 1 ? 2000 : 150)
    log("fault: " + name)
    run()
  })
  alarm.set(300)
})

function refuse(): void {
  const limit = 5
  if (limit < 10) throw rangeProblem("limit of " + limit) // CALLER custom
}

function rangeProblem(message: string): Error {
  return new TypeError("range: " + message) // FAULT custom
}

const title = (reading: Reading | undefined) => `celsius: ${reading!.values.celsius} and more` // FAULT template
