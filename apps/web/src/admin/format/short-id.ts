/** The end of an id: a UUIDv7 begins with the time, so its beginnings are all alike. */
export const shortId = (id: string): string => `…${id.slice(-8)}`
