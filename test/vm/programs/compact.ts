import { compactAndRestart } from "../../../src/hal/espruino/compact"
import { handOver } from "./hand-over"

/** Hands the compaction over. */
export default () => handOver("compactAndRestart", compactAndRestart)
