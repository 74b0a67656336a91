import { program } from "motewire"

const limits: { low: number }[] = []

/** Fails before anything of it runs. */
const lowest = limits[0]!.low // FAULT top

export default program({}, ({ log }) => log("lowest: " + lowest))
