import { INTERPRETERS, WHY_NO_INTERPRETER } from "../../test/vm/interpreter"
import { allocations } from "./allocations"
import { close, note } from "./report"
import { sizes } from "./sizes"

await sizes()
if (WHY_NO_INTERPRETER) note(WHY_NO_INTERPRETER)
for (const interpreter of INTERPRETERS) await allocations(interpreter)
close()
