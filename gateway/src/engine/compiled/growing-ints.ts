/** Numbers in one array that becomes longer while an answer is taken. */
export interface GrowingInts {
  /** For the next answer, with anything on it. */
  fresh(): Int32Array
  /** Twice as long, with what is on it. */
  grow(): Int32Array
}

const FIRST_LENGTH = 16_384
/** What a longer answer needed is given back after it. */
const LONGEST_KEPT = 1_048_576

export function createGrowingInts(): GrowingInts {
  let ints = new Int32Array(FIRST_LENGTH)
  return {
    fresh() {
      if (ints.length > LONGEST_KEPT) ints = new Int32Array(FIRST_LENGTH)
      return ints
    },
    grow() {
      const longer = new Int32Array(ints.length * 2)
      longer.set(ints)
      ints = longer
      return ints
    },
  }
}
