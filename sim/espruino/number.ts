/** Numbers as text, the chip's way: ftoa_bounded_extra in src/jsutils.c, read for radix 10. */
const STOP_AT_ERROR = 0.0000001

/** Integers of 32 bits print exactly; everything else keeps 11 to 12 digits and is cut, not rounded. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return String(value === 0 ? 0 : value)
  return floatText(value, -1)
}

/** toFixed(0) cuts; toFixed(1) and up round. */
export function toFixed(value: number, digits: number): string {
  return floatText(value, Math.min(20, Math.max(0, digits)))
}

function floatText(value: number, digits: number): string {
  if (Number.isNaN(value)) return "NaN"
  if (!Number.isFinite(value)) return value < 0 ? "-Infinity" : "Infinity"
  const sign = value < 0 ? "-" : ""
  const [scaled, exponent] = digits < 0 ? scale(Math.abs(value)) : [Math.abs(value), 0]
  // Close enough to the next integer counts as that integer.
  const whole = Math.trunc(scaled + STOP_AT_ERROR) === 1 + Math.trunc(scaled) ? 1 + Math.trunc(scaled) : scaled
  return sign + wholeText(whole) + fractionText(whole - Math.trunc(whole), digits) + exponentText(exponent)
}

function scale(value: number): [number, number] {
  let exponent = 0
  if (value >= 1e21) for (; value > 100_000; value /= 100_000) exponent += 5
  if (exponent) for (; value > 10; value /= 10) exponent++
  if (value > 0 && value < 1e-6) {
    for (; value < 1e-5; value *= 100_000) exponent -= 5
    for (; value < 1; value *= 10) exponent--
  }
  return [value, exponent]
}

function wholeText(value: number): string {
  let text = ""
  let power = 1
  while (power * 10 <= value) power *= 10
  for (; power >= 1; power /= 10) {
    const digit = Math.trunc(value / power)
    value -= digit * power
    text += digit
  }
  return text
}

function fractionText(value: number, digits: number): string {
  let text = ""
  if (digits < 0 ? value <= 0 : digits === 0) return text
  value *= 10
  for (; digits < 0 ? digits > -12 && value > STOP_AT_ERROR : digits > 0; digits--) {
    const digit = Math.trunc(value + (digits === 1 ? 0.5 : 0.00000001))
    value = (value - digit) * 10
    text += Math.min(9, digit)
  }
  return text && `.${text}`
}

function exponentText(exponent: number): string {
  return exponent ? `e${exponent > 0 ? "+" : ""}${exponent}` : ""
}
