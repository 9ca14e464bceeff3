import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { decodeComponent, parseQuery, type QueryPair } from './query.ts'

/** A request as the operations see it: addressed, decoded, not yet trusted. */
export interface S3Request {
  readonly id: string
  readonly message: IncomingMessage
  readonly method: string
  /** Decoded path as it was sent, with the bucket when path style is used. */
  readonly path: string
  readonly pairs: readonly QueryPair[]
  readonly query: ReadonlyMap<string, string>
  readonly bucket: string | undefined
  readonly key: string | undefined
  readonly isPresigned: boolean
  /** A header, or the `x-amz-*` query parameter a presigner hoisted it into. */
  header(name: string): string | undefined
  headerNames(): string[]
}

/**
 * Returns the bucket that a host names: `<bucket>.localhost` or `<bucket>.s3.localhost`, as
 * `<bucket>.s3.<region>.backblazeb2.com`.
 */
function virtualBucket(host: string | undefined): string | undefined {
  const name = /^([^:]+?)(?:\.s3)?\.localhost(?::\d+)?$/i.exec(host ?? '')?.[1]
  return name === undefined || name.toLowerCase() === 's3' ? undefined : name
}

function address(host: string | undefined, path: string): { bucket: string | undefined; key: string | undefined } {
  const rest = path.slice(1)
  const bucket = virtualBucket(host)
  if (bucket !== undefined) return { bucket, key: rest === '' ? undefined : rest }
  const slash = rest.indexOf('/')
  if (slash === -1) return { bucket: rest === '' ? undefined : rest, key: undefined }
  const key = rest.slice(slash + 1)
  return { bucket: rest.slice(0, slash), key: key === '' ? undefined : key }
}

export function parseRequest(message: IncomingMessage): S3Request {
  const url = message.url ?? '/'
  const at = url.indexOf('?')
  const path = decodeComponent(at === -1 ? url : url.slice(0, at))
  const pairs = parseQuery(at === -1 ? '' : url.slice(at + 1))
  const query = new Map(pairs)
  const isPresigned = query.has('X-Amz-Signature') || query.has('X-Amz-Algorithm')
  const hoisted = new Map(
    isPresigned ? pairs.map(([name, value]) => [name.toLowerCase(), value] as const).filter(isHoisted) : [],
  )
  return {
    id: randomBytes(8).toString('hex'),
    message,
    method: message.method ?? 'GET',
    path,
    pairs,
    query,
    isPresigned,
    ...address(message.headers.host, path),
    header(name) {
      const value = message.headers[name]
      return (Array.isArray(value) ? value.join(',') : value) ?? hoisted.get(name)
    },
    headerNames: () => [...Object.keys(message.headers), ...hoisted.keys()],
  }
}

const presignParameters = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)$/

function isHoisted([name]: readonly [string, string]): boolean {
  return name.startsWith('x-amz-') && !presignParameters.test(name)
}
