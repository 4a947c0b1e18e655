/** Which engines keep the data and carry the events. */
export const stackNames = ['embedded', 'open', 'aws'] as const
export type StackName = (typeof stackNames)[number]
