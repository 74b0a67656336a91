import { program } from "motewire"

/** Goes wrong on demand, in the ways programs do. */
export default program({}, ({ mqtt, clock, log }) => {
  const soon = clock.alarm(spin)
  let turns = 0
  mqtt.subscribe("looper/do", (what) => {
    if (what === "spin") spin()
    else if (what === "spin later") soon.set(2000)
    else if (what === "call for ever") for (;;) clock.nowMs()
    else if (what === "throw") throw new Error("a mistake in the program")
    else log(`did ${what} after ${turns} turns`)
  })

  // With something in its body: the minifier takes a loop without effects for nothing at all.
  function spin(): void {
    for (;;) turns = (turns + 1) % 1000
  }
})
