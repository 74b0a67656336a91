import { INTERPRETERS, WHY_NO_INTERPRETER } from "../../test/vm/interpreter"
import { WHY_NO_MOSQUITTO } from "../../test/brokers/mosquitto"
import { allocations } from "./allocations"
import { memory } from "./memory"
import { close, note } from "./report"
import { sizes } from "./sizes"
import { speed } from "./speed"

await sizes()
await speed()
if (WHY_NO_INTERPRETER) note(`\nnot measured, ${WHY_NO_INTERPRETER}`)
else if (WHY_NO_MOSQUITTO) note(`\nmemory not measured, ${WHY_NO_MOSQUITTO}`)
for (const interpreter of INTERPRETERS) {
  await allocations(interpreter)
  if (!WHY_NO_MOSQUITTO) await memory(interpreter)
}
close()
