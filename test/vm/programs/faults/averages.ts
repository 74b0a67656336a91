/** Of numbers, each with an offset that nobody gave. */
export function average(values: number[], offsets?: { first: number }): number {
  let sum = 0
  values.forEach((value) => {
    // CALLER callback
    const shifted = value * 2
    sum += shifted + offsets!.first // FAULT callback
  })
  return sum / values.length
}
