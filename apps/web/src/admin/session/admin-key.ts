/** Returns the query key of an answer of the admin API, so that an action can mark all of them as stale at once. */
export const adminKey = (apiKey: string | null, ...name: readonly unknown[]) => ['admin', apiKey, ...name]
