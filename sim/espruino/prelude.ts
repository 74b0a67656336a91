/**
 * Runs first in every realm, in the realm: takes away what Espruino lacks and puts its own variants in place
 * (Espruino 2v29). A string, because it must be compiled in the realm it changes. Returns what the host needs.
 * Not imitated: builtin methods stay reachable through prototypes, integer-like keys come first, `sort` is stable.
 */
export const PRELUDE = String.raw`(function () {
  "use strict"
  var G = globalThis, names = Object.getOwnPropertyNames, define = Object.defineProperty
  var symbols = Object.getOwnPropertySymbols, setPrototype = Object.setPrototypeOf, isArray = Array.isArray
  function keep(object, list, always) {
    var allowed = (list + " " + (always || "")).split(" ")
    names(object).forEach(function (name) { if (allowed.indexOf(name) < 0) try { delete object[name] } catch (e) {} })
    symbols(object).forEach(function (symbol) {
      if (symbol !== Symbol.iterator && symbol !== Symbol.toPrimitive && symbol !== Symbol.species) try { delete object[symbol] } catch (e) {}
    })
  }
  function put(object, name, value) { define(object, name, { value: value, writable: true, configurable: true, enumerable: false }) }

  var OWN = "length name prototype constructor"
  keep(Object, "assign create defineProperty defineProperties entries values keys fromEntries getOwnPropertyNames getOwnPropertyDescriptor getOwnPropertyDescriptors getPrototypeOf setPrototypeOf", OWN)
  keep(Array, "isArray", OWN)
  keep(Array.prototype, "indexOf includes join push pop map forEach filter find findIndex some every reduce splice shift unshift slice sort concat fill reverse toString", OWN)
  keep(String, "fromCharCode", OWN)
  keep(String.prototype, "charAt charCodeAt indexOf lastIndexOf match replace replaceAll substring substr slice split toLowerCase toUpperCase trim concat startsWith endsWith includes repeat padStart padEnd toString valueOf", OWN)
  // Number itself is replaced, since EPSILON and its kind cannot be deleted; and Number(" 12 ") is NaN.
  var NativeNumber = Number
  function ChipNumber(value) {
    var number = !arguments.length ? 0 : typeof value === "string" && value !== value.trim() ? NaN : NativeNumber(value)
    return this instanceof ChipNumber ? new NativeNumber(number) : number
  }
  ChipNumber.prototype = NativeNumber.prototype
  put(ChipNumber.prototype, "constructor", ChipNumber)
  ;["MAX_VALUE", "MIN_VALUE", "NaN", "NEGATIVE_INFINITY", "POSITIVE_INFINITY"].forEach(function (name) { put(ChipNumber, name, NativeNumber[name]) })
  keep(Number.prototype, "toFixed toString valueOf", OWN)
  keep(Math, "abs acos asin atan atan2 ceil cos exp floor log max min pow random round sign sin sqrt tan E PI LN2 LN10 LOG2E LOG10E SQRT2 SQRT1_2")
  keep(JSON, "parse stringify")
  keep(RegExp.prototype, "exec test toString lastIndex source flags global ignoreCase", OWN)
  var Typed = Object.getPrototypeOf(Uint8Array)
  keep(Typed.prototype, "set map subarray slice indexOf includes join sort forEach reduce fill filter find findIndex reverse some every toString buffer byteLength byteOffset", OWN)
  keep(Typed, "", OWN)
  keep(Function.prototype, "call apply bind toString", OWN)

  var NativeDate = Date
  keep(NativeDate.prototype, names(NativeDate.prototype).filter(function (n) { return !/^(setUTC|toLocale|toGMT|toTemporal|getYear|setYear|toUTC)/.test(n) }).join(" "), OWN)
  // No time zone unless E.setTimeZone: the chip runs on UTC whatever the host's zone is.
  ;["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"].forEach(function (part) {
    NativeDate.prototype["get" + part] = NativeDate.prototype["getUTC" + part]
    delete NativeDate.prototype["getUTC" + part]
  })
  NativeDate.prototype.getTimezoneOffset = function () { return 0 }
  NativeDate.prototype.toString = function () { return this.toISOString() }

  var supplied
  function ChipDate(year, month, day, hour, minute, second, ms) {
    var n = arguments.length, value
    if (n === 0) value = supplied.nowMs()
    else if (n > 1) value = utc(year, month, day === undefined ? 1 : day, hour || 0, minute || 0, second || 0, ms || 0)
    else value = typeof year === "string" ? parse(year) : Number(year)
    return setPrototype(new NativeDate(value), ChipDate.prototype)
  }
  var utc = NativeDate.UTC, parseNative = NativeDate.parse
  function parse(text) { return parseNative(/T\d\d:\d\d(:[\d.]+)?$/.test(text) ? text + "Z" : text) }
  ChipDate.prototype = NativeDate.prototype
  put(NativeDate.prototype, "constructor", ChipDate)
  put(ChipDate, "now", function () { return supplied.nowMs() })
  put(ChipDate, "parse", parse)

  // Jobs of these promises go to the chip's event queue, after all due timers (Espruino 2v29); V8's own queue is not used.
  function ChipPromise(executor) {
    if (typeof executor !== "function") throw new TypeError("Executor must be a function")
    put(this, "_state", 0); put(this, "_value", undefined); put(this, "_jobs", []); put(this, "_handled", false)
    supplied.promise()
    var self = this, done = false
    function once(f) { return function (v) { if (!done) { done = true; f(self, v) } } }
    var fail = once(rejectWith)
    try { executor(once(resolveWith), fail) } catch (e) { fail(e) }
  }
  function resolveWith(promise, value) {
    if (value && typeof value.then === "function") {
      try { value.then(function (v) { resolveWith(promise, v) }, function (e) { rejectWith(promise, e) }) } catch (e) { rejectWith(promise, e) }
    } else settle(promise, 1, value)
  }
  function rejectWith(promise, error) {
    settle(promise, 2, error)
    supplied.queue(function () { if (!promise._handled) supplied.unhandled(error) })
  }
  function settle(promise, state, value) {
    if (promise._state) return
    promise._state = state; promise._value = value
    promise._jobs.forEach(function (job) { supplied.queue(job) })
    promise._jobs.length = 0
  }
  ChipPromise.prototype.then = function (onValue, onError) {
    var source = this
    source._handled = true
    return new ChipPromise(function (resolve, reject) {
      function job() {
        var handler = source._state === 1 ? onValue : onError
        if (typeof handler !== "function") return (source._state === 1 ? resolve : reject)(source._value)
        try { resolve(handler(source._value)) } catch (e) { reject(e) }
      }
      if (source._state) supplied.queue(job)
      else source._jobs.push(job)
    })
  }
  put(ChipPromise.prototype, "then", ChipPromise.prototype.then)
  put(ChipPromise.prototype, "catch", function (onError) { return this.then(undefined, onError) })
  put(ChipPromise, "resolve", function (value) { return value instanceof ChipPromise ? value : new ChipPromise(function (ok) { ok(value) }) })
  put(ChipPromise, "reject", function (error) { return new ChipPromise(function (_, no) { no(error) }) })
  put(ChipPromise, "all", function (list) {
    return new ChipPromise(function (resolve, reject) {
      var values = [], missing = list.length
      if (!missing) resolve(values)
      list.forEach(function (item, i) {
        ChipPromise.resolve(item).then(function (value) { values[i] = value; if (--missing === 0) resolve(values) }, reject)
      })
    })
  })

  var fromCharCode = String.fromCharCode
  put(String, "fromCharCode", function () {
    var text = ""
    for (var i = 0; i < arguments.length; i++) text += fromCharCode(arguments[i] & 255)
    return text
  })
  put(String.prototype, "removeAccents", function () { return "" + this })
  put(NativeNumber.prototype, "toFixed", function (digits) { return supplied.toFixed(+this, digits | 0) })
  put(Math, "round", function (x) { x = +x; return isFinite(x) ? (x < 0 ? Math.ceil(x - 0.5) : Math.floor(x + 0.5)) : x })
  put(Math, "clip", function (x, low, high) { return x < low ? low : x > high ? high : x })
  put(Math, "wrap", function (x, range) { x %= range; return x < 0 ? x + range : x })
  put(Math, "random", function () { return supplied.random() / 2147483648 })
  put(Math, "randInt", function (range) { return range > 0 ? supplied.random() % range : supplied.random() ^ (supplied.random() << 1) })
  put(JSON, "parse", function (text) { return supplied.jsonParse("" + text) })
  put(JSON, "stringify", function (value, replacer, space) { return supplied.jsonStringify(value, space) })
  put(Object.prototype, "clone", function () { return isArray(this) ? this.slice() : Object.assign(Object.create(Object.getPrototypeOf(this)), this) })

  function InternalError(message) {
    var error = setPrototype(new Error(message), InternalError.prototype)
    return error
  }
  InternalError.prototype = Object.create(Error.prototype)
  put(InternalError.prototype, "constructor", InternalError)
  put(InternalError.prototype, "name", "InternalError")
  // The chip's errors carry the class as text in "type".
  ;[Error, TypeError, SyntaxError, ReferenceError, InternalError].forEach(function (Class) { put(Class.prototype, "type", Class.prototype.name) })

  var all = { globalThis: G, supply: function (host) { supplied = host }, InternalError: InternalError }
  ;["Object", "Array", "Function", "Error", "TypeError", "SyntaxError", "Uint8Array", "ArrayBuffer"].forEach(function (name) { all[name] = G[name] })
  put(G, "Date", ChipDate)
  put(G, "Number", ChipNumber)
  put(G, "Promise", ChipPromise)
  put(G, "InternalError", InternalError)
  put(G, "Uint24Array", G.Uint32Array)
  keep(G, "Object Function Array Number Boolean String Date Promise RegExp Error TypeError SyntaxError ReferenceError InternalError JSON Math ArrayBuffer DataView Uint8Array Uint8ClampedArray Int8Array Uint16Array Int16Array Uint24Array Uint32Array Int32Array Float32Array Float64Array parseFloat parseInt Infinity NaN undefined globalThis isNaN isFinite encodeURIComponent decodeURIComponent eval")
  return all
})()`
