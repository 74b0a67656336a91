// 25 °C and 40 %: 0x6666 of 0xFFFF each.
part.address = 0x44
part.answer = new Uint8Array(wordOf(0x6666).concat(wordOf(0x6666)))
part.onWrite = function (bytes) {
  return bytes[0] === 0x24 && bytes[1] === 0
}
part.onRead = function () {
  return new Uint8Array(part.answer)
}
