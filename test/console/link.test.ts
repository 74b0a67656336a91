import { existsSync, lstatSync, readlinkSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { isSimulated, linkFile, placeLink, portBehind } from "../../tools/console/link"
import { project } from "../config/support/project"

const folder = () => project({})

test("a console has one name while its simulator runs; a link that was left behind gives way", () => {
  const here = folder()
  const file = linkFile(here, "bulb")
  placeLink(file, "/dev/gone")
  expect(portBehind(file)).toBe("/dev/gone")
  const remove = placeLink(file, "/dev/null")
  expect(readlinkSync(file)).toBe("/dev/null")
  expect(portBehind(file)).toBe("/dev/null")
  remove()
  remove()
  expect(existsSync(file)).toBe(false)
  placeLink(file, "/dev/gone")()
  expect(lstatSync(file, { throwIfNoEntry: false })).toBeUndefined()
})

test("where there is no pseudo terminal the name holds the address", () => {
  const file = linkFile(folder(), "bulb")
  const remove = placeLink(file, "tcp://127.0.0.1:4000")
  expect(lstatSync(file).isFile()).toBe(true)
  expect(portBehind(file)).toBe("tcp://127.0.0.1:4000")
  remove()
  expect(portBehind(file)).toBe(file)
})

test("a simulator that ends leaves the name to the one that took it over", () => {
  const file = linkFile(folder(), "bulb")
  const removeFirst = placeLink(file, "/dev/null")
  placeLink(file, "/dev/zero")
  removeFirst()
  expect(readlinkSync(file)).toBe("/dev/zero")
})

test("any other port is what it says, link or not", () => {
  const here = folder()
  symlinkSync("/dev/null", join(here, "byname"))
  expect(portBehind(join(here, "byname"))).toBe(join(here, "byname"))
})

test("a simulated board is known by its name, its address and its pseudo terminal; others are none", () => {
  const here = folder()
  expect(isSimulated("/dev/null", here)).toBe(false)
  placeLink(linkFile(here, "bulb"), "/dev/null")
  for (const path of ["/dev/null", linkFile(here, "bulb"), "tcp://127.0.0.1:4000"])
    expect(isSimulated(path, here)).toBe(true)
  expect(isSimulated("/dev/zero", here)).toBe(false)
  expect(isSimulated("/dev/nope", here)).toBe(false)
})
