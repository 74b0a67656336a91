// 300 counts: 250 lx at the usual time.
part.address = 0x23
part.answer = new Uint8Array([0x01, 0x2c])
part.onWrite = function (bytes) {
  return bytes.length === 1
}
part.onRead = function () {
  return new Uint8Array(part.answer)
}
