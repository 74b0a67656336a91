import { make } from "./client-qos1"
import { handOverRest } from "./rest"

export default () => handOverRest(make)
