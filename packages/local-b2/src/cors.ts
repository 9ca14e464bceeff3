import type { ReplyHeaders } from './http/reply.ts'

export interface CorsRule {
  id: string | undefined
  allowedOrigins: string[]
  allowedMethods: string[]
  /** Operations of B2's native API, which this store does not have. */
  nativeOperations?: string[]
  allowedHeaders: string[]
  exposeHeaders: string[]
  maxAgeSeconds: number | undefined
}

/** Returns what pages of these origins need to upload by signed URLs, and to read. */
export const uploadRule = (origins: readonly string[]): CorsRule => ({
  id: undefined,
  allowedOrigins: [...origins],
  allowedMethods: ['GET', 'HEAD', 'PUT'],
  allowedHeaders: ['content-type', 'range'],
  exposeHeaders: ['etag'],
  maxAgeSeconds: 3600,
})

/** Matches a value against a pattern with at most one `*`. */
function matches(pattern: string, value: string): boolean {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === value
  const before = pattern.slice(0, star)
  const after = pattern.slice(star + 1)
  return value.length >= before.length + after.length && value.startsWith(before) && value.endsWith(after)
}

function allowsHeader(rule: CorsRule, header: string): boolean {
  return rule.allowedHeaders.some(pattern => matches(pattern.toLowerCase(), header.toLowerCase()))
}

export interface CorsQuestion {
  origin: string
  method: string
  /** Headers a preflight asks for; none for an actual request. */
  headers: readonly string[]
}

/** Finds the first rule that allows all of it, as S3 decides. */
export function findCorsRule(rules: readonly CorsRule[], question: CorsQuestion): CorsRule | undefined {
  return rules.find(
    rule =>
      rule.allowedMethods.includes(question.method) &&
      rule.allowedOrigins.some(pattern => matches(pattern, question.origin)) &&
      question.headers.every(header => allowsHeader(rule, header)),
  )
}

export const corsVary = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'

function allowOrigin(rule: CorsRule, origin: string): ReplyHeaders {
  if (rule.allowedOrigins.includes('*')) return { 'access-control-allow-origin': '*' }
  return { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
}

export function actualCorsHeaders(rule: CorsRule, origin: string): ReplyHeaders {
  const headers = { ...allowOrigin(rule, origin), 'access-control-allow-methods': rule.allowedMethods.join(', ') }
  if (rule.exposeHeaders.length === 0) return headers
  return { ...headers, 'access-control-expose-headers': rule.exposeHeaders.join(', ') }
}

export function preflightHeaders(rule: CorsRule, question: CorsQuestion): ReplyHeaders {
  const headers = actualCorsHeaders(rule, question.origin)
  if (question.headers.length > 0) headers['access-control-allow-headers'] = question.headers.join(', ')
  if (rule.maxAgeSeconds !== undefined) headers['access-control-max-age'] = String(rule.maxAgeSeconds)
  return headers
}
