/**
 * Divides units in proportion to the weights; what does not come out even goes to the first who would get a fraction.
 * The parts sum to the units, and none is above its weight unless the units are above the sum of the weights.
 */
export function divide(units: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (sum === 0) return weights
  const parts = weights.map((weight) => Math.floor((units * weight) / sum))
  let rest = units - parts.reduce((total, part) => total + part, 0)
  return parts.map((part, i) => {
    if (rest === 0 || (units * (weights[i] ?? 0)) % sum === 0) return part
    rest -= 1
    return part + 1
  })
}
