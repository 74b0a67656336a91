import { make } from "./client-311"
import { handOverRest } from "./rest"

export default () => handOverRest(make)
