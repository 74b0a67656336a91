// Runs on Espruino as a part of .boot0: the firmware's LED strip, which the Linux build lacks. What goes out is for the recorder to see.
Modules.addCached("neopixel", function (exports) {
  exports.write = function () {}
})
