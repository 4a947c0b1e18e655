/**
 * How often somebody may do something: a bucket of tokens for each key, which fills by itself. What is taken is gone,
 * wherever else the same bucket is looked at.
 */
export interface RateBucket {
  /** Takes `cost` tokens (default 1, at most `capacity`) if there are as many; otherwise none. */
  take(key: string, cost?: number): Promise<Taken>
}

export interface RateLimit {
  /** What a full bucket holds: how much may come at once. At least 1. */
  readonly capacity: number
  /** How many tokens come back in a second. Above 0. */
  readonly perSecond: number
}

export interface Taken {
  readonly allowed: boolean
  /** Whole tokens that are left. */
  readonly remaining: number
  /** Milliseconds until there are as many as were asked for; 0 when allowed. */
  readonly retryAfterMs: number
}
