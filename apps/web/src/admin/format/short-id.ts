/** Returns the end of an id: a UUIDv7 begins with the time, so ids of one time begin alike. */
export const shortId = (id: string): string => `…${id.slice(-8)}`
