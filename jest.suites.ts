/** Suites that need servers of their own: by the technology before `.test.ts`. `npm test` leaves them out. */
export const aws: readonly string[] = ['dynamodb', 'eventbridge', 's3', 'cognito', 'aws']
export const open: readonly string[] = ['postgres', 'kafka', 'gremlin', 'redis', 'open']

export function filesOf(technologies: readonly string[]): string[] {
  return technologies.map((technology) => `**/*.${technology}.test.ts`)
}

/** Whole-shop scenarios that must hold on every stack; with `npm test` they run on the embedded one. */
export const scenarios: readonly string[] = [
  'declined-card',
  'flash-sale',
  'last-unit',
  'live-order',
  'order-to-fulfilled',
  'pickup',
  'same-key',
].map((name) => `**/tests/scenarios/${name}.test.ts`)
