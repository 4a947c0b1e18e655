/** What everything of the demo retailer may be dyed, glazed or painted. */
export const colours: readonly string[] = [
  'Black',
  'White',
  'Navy',
  'Sand',
  'Olive',
  'Rust',
  'Sky',
  'Burgundy',
  'Graphite',
  'Mustard',
]
