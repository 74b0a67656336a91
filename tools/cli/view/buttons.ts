import type { HouseView } from "../../../sim/events"
import { harmless } from "../../text/terminal"

export interface ButtonKey {
  /** "1" to "9". */
  key: string
  device: string
  part: string
}

/** The buttons of the house in the order they are shown, each with the key that presses it. */
export function buttonKeys({ devices }: Pick<HouseView, "devices">): ButtonKey[] {
  const buttons = devices.flatMap(({ name, parts }) =>
    parts.filter(({ part }) => part === "button").map((part) => ({ device: name, part: part.name })),
  )
  return buttons.slice(0, 9).map((button, i) => ({ key: String(i + 1), ...button }))
}

export const keysText = (keys: ButtonKey[]): string =>
  keys.map(({ key, device, part }) => `${key} presses ${harmless(device)}.${harmless(part)}`).join("   ")
