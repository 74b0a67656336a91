import { buildSync } from "esbuild"
import { describe, expect, test, vi } from "vitest"
import type * as Adapter from "../../src/hal/espruino/tls"
import { FLAGS } from "../../tools/flags.mjs"

/** The adapter under a `require` of its own: the test runner has one, which would find Node's tls. */
function adapterWith(require: (name: string) => unknown): typeof Adapter {
  const built = buildSync({
    entryPoints: ["src/hal/espruino/tls.ts"],
    bundle: true,
    write: false,
    format: "cjs",
    external: ["tls", "net", "neopixel", "Wifi", "Storage"],
    minifySyntax: true,
    define: FLAGS,
    treeShaking: true,
  })
  const module = { exports: {} }
  new Function("require", "module", built.outputFiles[0].text)(require, module)
  return module.exports as typeof Adapter
}

/** The firmware's module, which writes down what it was asked for. */
function install() {
  const asked: string[] = []
  const socket = {}
  const module = {
    connect: (address: object, onConnect: () => void) => {
      asked.push(JSON.stringify(address))
      onConnect()
      return socket
    },
  }
  const { openTls } = adapterWith((name) => {
    asked.push(name)
    return module
  })
  return { asked, socket, module, openTls }
}

describe("tls on the chip", () => {
  test("is the firmware's own module when we show no certificate", () => {
    const { asked, module, openTls } = install()
    expect(openTls()).toBe(module)
    expect(asked).toEqual(["tls"])
  })

  test("shows our certificate on every connection, and changes no address", () => {
    const { asked, socket, openTls } = install()
    const network = openTls({ cert: "C", key: "K" })
    const onConnect = vi.fn<() => void>()
    const address = { host: "10.0.0.2", port: 8883 }
    expect(network.connect(address, onConnect)).toBe(socket)
    expect(asked).toEqual(["tls", '{"host":"10.0.0.2","port":8883,"cert":"C","key":"K"}'])
    expect(onConnect).toHaveBeenCalledOnce()
    expect(address).toEqual({ host: "10.0.0.2", port: 8883 })
  })
})
