/** A fault that anybody may hear of, in words that name no host. */
export class KnownCause extends Error {}
