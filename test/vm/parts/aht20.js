// 25 °C and 50 %: 0x60000 and 0x80000 of 2^20.
part.address = 0x38
part.answer = [0x18, 0x80, 0x00, 0x06, 0x00, 0x00]
part.answer.push(crcOf(part.answer))
part.answer = new Uint8Array(part.answer)
part.onWrite = function (bytes) {
  return bytes[0] === 0xac
}
part.onRead = function (count) {
  return count === 1 ? new Uint8Array([0x18]) : new Uint8Array(part.answer)
}
