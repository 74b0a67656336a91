/* oxlint-disable no-var */
// Runs on Espruino as the rest of .boot0 and, from a timer, after a bundle of test/vm/programs/drivers: makes the driver, counts the
// blocks of one sample and those in use after SAMPLES of them, less those after ten. A newline ends no statement here.
echo(0)
var ROUNDS = 20
var LOOKS = 9
var told = { good: 10000, bad: 10000, values: [] }
// Here from the beginning, with a value that takes no block, so that nothing but what they hold counts.
var wired = 0
var driver = 0
var nth = 0
var looks = 0
var first = 0
var above = 0
var seen = 0
// The interpreter makes an object of it at its first use.
var counts = !!E.getAllocCount
var result = { rest: 0, growth: 0, missing: 0, blocks: 0, good: 0, values: 0 }

function onDone(error, a, b, c) {
  if (error) told.bad++
  else {
    told.good++
    told.values = [a, b, c]
  }
}
function sample() {
  drive[2](driver, nth, onDone)
  nth = (nth + 1) & 63
  while (drive[3]());
}
// The last of any number of them is the same one: what a lamp holds then takes as many blocks as it did before.
function samples(times) {
  nth = -times & 63
  for (var i = 0; i < times; i++) sample()
}
// In callbacks of their own, and without the garbage collector: a cycle would show. What most of several looks see: one is now and
// then a block off, when the callback came early or late enough for a timer's time to need a block less or more.
function look(then) {
  if (looks === 0) first = process.memory(false).usage
  above += process.memory(false).usage - first
  if (++looks < LOOKS) setTimeout(look, 3, then)
  else {
    seen = first + Math.round(above / LOOKS)
    looks = above = first = 0
    setTimeout(then, 1)
  }
}
function start() {
  wired = drive[0]()
  setTimeout(look, 1, make)
}
function make() {
  result.rest = -seen
  driver = drive[1](wired)
  setTimeout(look, 1, warm)
}
function warm() {
  result.rest += seen
  samples(10)
  setTimeout(look, 1, count)
}
function count() {
  result.growth = -seen
  if (counts) {
    var from = E.getAllocCount()
    samples(ROUNDS)
    result.blocks = E.getAllocCount() - from
    from = E.getAllocCount()
    for (var i = 0; i < ROUNDS; i++) nothing()
    result.blocks = Math.round((result.blocks - E.getAllocCount() + from) / ROUNDS)
  }
  samples(SAMPLES)
  setTimeout(look, 1, lose)
}
// What the harness itself takes for a sample: the loop, and the turn that finds no alarm set.
function nothing() {
  nth = (nth + 1) & 63
  while (drive[3]());
}
// Without the part there are errors, and they must not cost anything that stays either.
function lose() {
  result.growth += seen
  result.good = told.good - 10000
  result.values = told.values
  if (typeof part !== "undefined") part.isMissing = true
  samples(10)
  told.bad = 10000
  setTimeout(look, 1, miss)
}
function miss() {
  result.missing = -seen
  samples(SAMPLES / 10)
  setTimeout(look, 1, finish)
}
function finish() {
  result.missing += seen
  result.bad = told.bad - 10000
  print("<results>" + JSON.stringify(result))
  quit()
}
setTimeout(start, 200)
