/* oxlint-disable no-var */
// Runs on Espruino as a part of .boot0: the wire of a DHT sensor, which answers at once with the stamps of the AM2302 manual's
// typical timing. A newline ends no statement here. No function inside a function: its scope would count as growth.
global.part = { isMissing: false, onFall: 0, mode: "", at: 0, bytes: [] }
global.setWatch = function (run) {
  part.onFall = run
  part.mode = "input_pullup"
  return 1
}
global.clearWatch = function () {
  part.onFall = 0
}
global.digitalWrite = function () {}
global.pinMode = function (pin, mode) {
  var isReleased = part.mode === "output" && mode !== "output"
  part.mode = mode
  if (isReleased && !part.isMissing) answerOfDht()
}
global.fallOfDht = function (lowUs, highUs) {
  var rose = part.at + lowUs / 1000000
  part.at = rose + highUs / 1000000
  part.onFall({ state: false, time: part.at, lastTime: rose, pin: 4 })
}
global.answerOfDht = function () {
  part.at = 10
  fallOfDht(0, 30)
  fallOfDht(80, 80)
  for (var i = 0; i < 40; i++) fallOfDht(50, (part.bytes[i >> 3] >> (7 - (i & 7))) & 1 ? 70 : 26)
}
