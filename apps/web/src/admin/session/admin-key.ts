/** The key under which an answer of the admin API is kept, so that an action can mark all of them stale at once. */
export const adminKey = (apiKey: string | null, ...name: readonly unknown[]) => ['admin', apiKey, ...name]
