import { platform as chipPlatform } from "../platform"
import type { EspruinoProcess } from "../globals"
import { recorder } from "./board"
import { recordPlatform } from "./platform"

declare const process: EspruinoProcess

/** What a recording bundle hands to its program. */
export const platform = recordPlatform(chipPlatform, recorder, process.memory().total)
