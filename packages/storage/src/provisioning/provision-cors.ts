import { type CORSRule, GetBucketCorsCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3'
import { appError } from '@darkroom/contracts'
import { diffRules, type RuleChanges, readRules } from './provision-rules.ts'
import type { ProvisioningClient } from './provisioning-client.ts'

/** B2 refuses a rule of 1000 bytes or more; this leaves room for its methods and headers. */
const MAX_ORIGIN_BYTES_PER_RULE = 500
const MAX_AGE_SEC = 3600
const ORIGIN = /^(\*|https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?|http:\/\/\[::1\](:\d{1,5})?)$/i

export interface CorsInput {
  bucket: string
  /** Web origins, such as `https://app.example.com`. */
  origins: string[]
  /** Default GET, HEAD and PUT: what a browser that uploads needs. A public bucket needs no PUT. */
  methods?: ('GET' | 'HEAD' | 'PUT')[] | undefined
  /** How long a browser may keep a preflight, 0 to 86400 seconds. */
  maxAgeSec?: number | undefined
}

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

/** Returns our rules for these origins, split where one would grow too large for B2. */
export function corsRules({
  origins,
  methods = ['GET', 'HEAD', 'PUT'],
  maxAgeSec = MAX_AGE_SEC,
}: CorsInput): CORSRule[] {
  const wrong = origins.filter(origin => !ORIGIN.test(origin))
  if (wrong.length > 0 || origins.length === 0) {
    throw appError(
      'INVALID_REQUEST',
      `expected origins such as https://app.example.com, got: ${wrong.join(', ') || 'none'}`,
    )
  }
  return chunkOrigins([...new Set(origins)]).map((AllowedOrigins, index) => ({
    ID: `darkroom-cors-${index + 1}`,
    AllowedOrigins,
    AllowedMethods: methods,
    AllowedHeaders: ['content-type', 'range'],
    ExposeHeaders: ['etag'],
    MaxAgeSeconds: maxAgeSec,
  }))
}

/** Returns what `provisionCors` would set, and what is set now. */
export async function diffCors(client: ProvisioningClient, input: CorsInput): Promise<RuleChanges<CORSRule>> {
  const ours = corsRules(input)
  const target = { operation: 'GetBucketCors', bucket: input.bucket }
  const current = await readRules(() =>
    client.call(target, async s3 => (await s3.send(new GetBucketCorsCommand({ Bucket: input.bucket }))).CORSRules),
  )
  return diffRules(current, ours)
}

/** Lets these origins upload to and read from the bucket. Rules of others stay; nothing is sent when nothing changes. */
export async function provisionCors(client: ProvisioningClient, input: CorsInput): Promise<RuleChanges<CORSRule>> {
  const changes = await diffCors(client, input)
  if (!changes.changed) return changes
  const command = { Bucket: input.bucket, CORSConfiguration: { CORSRules: changes.planned } }
  await client.call({ operation: 'PutBucketCors', bucket: input.bucket }, s3 =>
    s3.send(new PutBucketCorsCommand(command)),
  )
  return { ...changes, applied: true }
}
