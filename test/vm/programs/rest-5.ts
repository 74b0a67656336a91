import { make } from "./client-5"
import { handOverRest } from "./rest"

export default () => handOverRest(make)
