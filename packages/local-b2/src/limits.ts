/** B2's limits, in bytes unless named otherwise; sources: docs/b2.md. */
export const maxSinglePutBytes = 5_000_000_000
export const minPartBytes = 5_000_000
export const maxPartNumber = 10_000
export const maxKeyBytes = 1024
export const maxInfoNameBytes = 50
export const maxInfoBytes = 7000
export const maxPresignSeconds = 604_800
/** Ours: with less room on the disk the store says that it is full. Not much goes in any more, and its database needs some. */
export const minFreeBytes = 64 * 1024 * 1024
export const maxClockSkewMs = 15 * 60 * 1000
export const maxPageSize = 1000
export const maxXmlBytes = 4 * 1024 * 1024
export const maxCorsXmlBytes = 100 * 1024
export const maxCorsRules = 100
export const maxCorsRuleBytes = 1000
export const maxCorsAgeSeconds = 86_400
export const maxLifecycleRules = 100
