// Runs on Espruino as a part of .boot0: half of 3.3 V on a converter whose full scale is 3.1 V; without the thermistor, the supply.
global.part = { isMissing: false }
global.analogRead = function () {
  return part.isMissing ? 1 : 1.65 / 3.1
}
