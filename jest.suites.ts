/** Suites that need servers of their own: by the technology before `.test.ts`. `npm test` leaves them out. */
export const aws: readonly string[] = ['dynamodb', 'eventbridge', 's3', 'cognito', 'aws']
export const open: readonly string[] = ['postgres', 'kafka', 'gremlin', 'redis', 'open']

export function filesOf(technologies: readonly string[]): string[] {
  return technologies.map((technology) => `**/*.${technology}.test.ts`)
}
