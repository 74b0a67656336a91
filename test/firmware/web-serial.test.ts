import { EventEmitter } from "node:events"
import { describe, expect, it } from "vitest"
import { connect, NoBootLoader, toolOn } from "../../tools/firmware/boot-loader"
import { restart, webSerial, type NodePort } from "../../tools/firmware/web-serial"

interface Lines {
  dtr: boolean
  rts: boolean
}

/** A port with a cable and nobody at its other end. */
class DeafPort extends EventEmitter {
  readonly lines: Lines[] = []
  readonly speeds: number[] = []
  readonly sent: Buffer[] = []
  hasWires = true

  set(lines: Lines, done: (error?: Error) => void): void {
    if (this.hasWires) this.lines.push({ ...lines })
    done(this.hasWires ? undefined : new Error("Inappropriate ioctl for device"))
  }
  update({ baudRate }: { baudRate: number }, done: () => void): void {
    this.speeds.push(baudRate)
    done()
  }
  write(bytes: Buffer, done: () => void): boolean {
    this.sent.push(bytes)
    done()
    return true
  }
}

const asNode = (port: DeafPort) => port as unknown as NodePort

/** Wires as "DTR RTS", on or off; steps that change nothing left out. */
const steps = ({ lines }: DeafPort) =>
  lines.map(({ dtr, rts }) => `${dtr ? "D" : "-"}${rts ? "R" : "-"}`).filter((step, at, all) => step !== all[at - 1])

const PATIENCE = { attempts: 1, replyMs: 50, flashMs: 50, bootMs: 50 }

describe.concurrent("the wires to a board", () => {
  // RTS alone pulls EN down, DTR alone pulls IO0 down; both or none leave them (ESP32-DevKitC, schematic: two transistors).
  it("hold the chip in reset, let it go with IO0 down, then let go of that: esptool's classic reset", async () => {
    const port = new DeafPort()
    const tool = toolOn(webSerial(asNode(port), { usbVendorId: 0x10c4, usbProductId: 0xea60 }), 115_200, PATIENCE)
    await expect(connect(tool, PATIENCE)).rejects.toBeInstanceOf(NoBootLoader)
    expect(steps(port)).toEqual(["-R", "D-", "--"])
  })

  it("tell the chip's own USB, which has no such wires, by their order: never through nothing from DTR to RTS", async () => {
    const port = new DeafPort()
    const tool = toolOn(webSerial(asNode(port), { usbVendorId: 0x303a, usbProductId: 0x1001 }), 115_200, PATIENCE)
    await expect(connect(tool, PATIENCE)).rejects.toBeInstanceOf(NoBootLoader)
    expect(steps(port)).toEqual(["D-", "--", "D-", "DR", "-R", "--"])
  })

  it("restart a board into its program", async () => {
    const port = new DeafPort()
    await restart(asNode(port), {})
    expect(steps(port)).toEqual(["-R", "--"])
  })

  it("may be missing: a pseudo terminal has none", async () => {
    const port = new DeafPort()
    port.hasWires = false
    await webSerial(asNode(port), {}).setSignals({ requestToSend: true })
    await restart(asNode(port), {})
    expect(port.lines).toEqual([])
  })
})

describe("the bytes", () => {
  it("go both ways, at the speed that was asked for last", async () => {
    const port = new DeafPort()
    const shim = webSerial(asNode(port), {})
    await shim.open({ baudRate: 115_200 })
    await shim.setBaudRate(460_800)
    expect(port.speeds).toEqual([115_200, 460_800])
    await shim.writable!.getWriter().write(Uint8Array.of(1, 0xc0))
    expect(Buffer.concat(port.sent)).toEqual(Buffer.from([1, 0xc0]))
    const reader = shim.readable!.getReader()
    port.emit("data", Buffer.from([0xc0, 2]))
    expect((await reader.read()).value).toEqual(Uint8Array.of(0xc0, 2))
    port.emit("close")
    await expect(reader.read()).rejects.toThrow("the port is closed")
  })

  it("are nobody's once the reader has gone, so that it can be opened again", async () => {
    const port = new DeafPort()
    const shim = webSerial(asNode(port), {})
    await shim.open({ baudRate: 115_200 })
    await shim.readable!.cancel()
    await shim.close()
    expect([shim.readable, shim.writable, port.listenerCount("data"), port.listenerCount("close")]).toEqual([
      null,
      null,
      0,
      0,
    ])
  })
})
