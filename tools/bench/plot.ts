// `npm run plot`
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../root"
import { plot } from "./reconnect"

const file = "docs/reconnect.svg"
writeFileSync(join(ROOT, file), plot())
process.stdout.write(`wrote ${file}\n`)
