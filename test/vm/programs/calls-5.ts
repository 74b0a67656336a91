import { make } from "./client-5"
import { connectWith } from "./connect"
import { handOver } from "./hand-over"

export default () => handOver("connect", connectWith(make))
