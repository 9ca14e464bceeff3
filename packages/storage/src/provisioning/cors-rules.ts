import { isDeepStrictEqual } from 'node:util'
import { appError } from '@darkroom/contracts'
import type { CorsRule } from './bucket-settings.ts'

/** B2 refuses a rule of 1000 bytes or more; this leaves room for its operations and headers. */
const MAX_ORIGIN_BYTES_PER_RULE = 500
const MAX_AGE_SEC = 3600
const ORIGIN = /^(\*|https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?|http:\/\/\[::1\](:\d{1,5})?)$/i

/** What a page does that uploads, and shows what it uploaded. */
export const UPLOAD_OPERATIONS = ['s3_get', 's3_head', 's3_put']

/** What a page does that shows variants: by the S3 address of the bucket, or by its friendly one, which a CDN in front uses. */
export const VIEW_OPERATIONS = ['s3_get', 's3_head', 'b2_download_file_by_name']

function chunkOrigins(origins: string[]): string[][] {
  const chunks: string[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const origin of origins) {
    if (bytes + origin.length > MAX_ORIGIN_BYTES_PER_RULE) {
      chunks.push([])
      bytes = 0
    }
    chunks.at(-1)?.push(origin)
    bytes += origin.length
  }
  return chunks
}

/**
 * Returns our rules for these origins, split where one would grow too large for B2.
 * @throws INVALID_REQUEST for what is no web origin, such as `https://app.example.com`
 */
export function corsRules(origins: string[], operations: string[]): CorsRule[] {
  const wrong = origins.filter(origin => !ORIGIN.test(origin))
  if (wrong.length > 0 || origins.length === 0) {
    throw appError(
      'INVALID_REQUEST',
      `expected origins such as https://app.example.com, got: ${wrong.join(', ') || 'none'}`,
    )
  }
  return chunkOrigins([...new Set(origins)]).map((chunk, index) => ({
    name: `darkroom-cors-${index + 1}`,
    origins: chunk,
    operations,
    allowedHeaders: ['content-type', 'range'],
    exposeHeaders: ['etag'],
    maxAgeSec: MAX_AGE_SEC,
  }))
}

/** Compares sets of rules; stores answer rules and their fields in an order of their own, and header names in lower case. */
export const areSameRules = (one: CorsRule[], other: CorsRule[]): boolean =>
  isDeepStrictEqual(one.map(comparable).sort(byName), other.map(comparable).sort(byName))

const byName = (one: CorsRule, other: CorsRule) => (one.name ?? '').localeCompare(other.name ?? '')

const sorted = (texts: string[]) => texts.map(text => text.toLowerCase()).sort()

const comparable = (rule: CorsRule): CorsRule => ({
  name: rule.name,
  origins: sorted(rule.origins),
  operations: sorted(rule.operations),
  allowedHeaders: sorted(rule.allowedHeaders),
  exposeHeaders: sorted(rule.exposeHeaders),
  maxAgeSec: rule.maxAgeSec,
})
