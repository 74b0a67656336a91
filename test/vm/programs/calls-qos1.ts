import { make } from "./client-qos1"
import { connectWith } from "./connect"
import { handOver } from "./hand-over"

export default () => handOver("connect", connectWith(make))
