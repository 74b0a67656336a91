import { make } from "./client-5"
import { everyKindWith } from "./every-kind"
import { handOver } from "./hand-over"

export default () => handOver("everyKind", everyKindWith(make))
