/** The wall clock, passed in so that a test can move it. Decisions about leases use the database's clock instead. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
