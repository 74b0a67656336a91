import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { BatchedSocket } from "../../tools/mqtt/batched-socket"

class Recorded extends BatchedSocket {
  readonly sent: string[] = []
  constructor() {
    super(undefined, undefined)
  }
  protected transmit(bytes: string): void {
    this.sent.push(bytes)
  }
  protected waitingBytes(): number {
    return 0
  }
  protected finish(): void {}
  protected abort(): void {}
  /** The peer is gone. */
  goes(): void {
    this.closed()
  }
  /** The peer's bytes, and the rest of the turn. */
  async gets(bytes: string): Promise<void> {
    this.arrived(bytes)
    await vi.advanceTimersByTimeAsync(0)
  }
}

describe("a host's socket whose peer waits for our kernel's acknowledgements", () => {
  let socket: Recorded

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "performance"] })
    vi.advanceTimersByTime(1000)
    socket = new Recorded()
    socket.on("data", (bytes) => {
      for (const packet of bytes.toUpperCase()) if (packet !== "-") socket.write(packet)
    })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** What came and was answered by nothing is acknowledged after 40 ms, and the next comes then. */
  async function stall(): Promise<void> {
    await socket.gets("-")
    await vi.advanceTimersByTimeAsync(42)
    await socket.gets("-")
  }

  test("sends an answer of two packets whole until then", async () => {
    await socket.gets("ab")
    expect(socket.sent).toEqual(["AB"])
  })

  test("keeps the last packet of an answer for the next, so that this has something to be acknowledged with", async () => {
    await stall()
    await socket.gets("abc")
    expect(socket.sent).toEqual(["AB"])
    expect(socket.dSnd).toEqual({ length: 1 })
    await socket.gets("-")
    expect(socket.sent).toEqual(["AB", "C"])
    expect(socket.dSnd).toBeUndefined()
  })

  test("keeps it 2 ms when nothing comes", async () => {
    await stall()
    await socket.gets("ab")
    await vi.advanceTimersByTimeAsync(1)
    expect(socket.sent).toEqual(["A"])
    await vi.advanceTimersByTimeAsync(1)
    expect(socket.sent).toEqual(["A", "B"])
  })

  test("keeps the order, and nothing behind, when more is written or it is ended", async () => {
    await stall()
    await socket.gets("ab")
    socket.write("X")
    await vi.advanceTimersByTimeAsync(0)
    expect(socket.sent).toEqual(["A", "BX"])
    await socket.gets("cd")
    socket.end()
    expect(socket.sent).toEqual(["A", "BX", "C", "D"])
  })

  test("keeps nothing of what is no answer, and nothing of an answer of one packet", async () => {
    await stall()
    socket.write("X")
    socket.write("Y")
    await vi.advanceTimersByTimeAsync(0)
    await socket.gets("a")
    expect(socket.sent).toEqual(["XY", "A"])
  })

  test.each([20, 100])("takes a silence of %i ms for no such wait", async (silenceMs) => {
    await socket.gets("-")
    await vi.advanceTimersByTimeAsync(silenceMs)
    await socket.gets("-")
    await socket.gets("ab")
    expect(socket.sent).toEqual(["AB"])
  })

  test("takes it for none when there was an answer", async () => {
    await socket.gets("a")
    await vi.advanceTimersByTimeAsync(42)
    await socket.gets("-")
    await socket.gets("bc")
    expect(socket.sent).toEqual(["A", "BC"])
  })

  test("lets what waited for a drain leave with the batch", async () => {
    let waits = true
    socket.on("drain", () => {
      if (waits) socket.write("late")
      waits = false
    })
    await socket.gets("a")
    expect(socket.sent).toEqual(["Alate"])
  })

  test("drains no more once it is closed", async () => {
    const drains: string[] = []
    socket.on("drain", () => drains.push("drain"))
    socket.write("A")
    socket.goes()
    await vi.advanceTimersByTimeAsync(10)
    expect([drains, socket.sent]).toEqual([[], []])
  })
})
