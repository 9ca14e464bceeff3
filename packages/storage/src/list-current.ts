import {
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ObjectVersion,
  type _Object as S3Object,
} from '@aws-sdk/client-s3'
import { knowsNoVersions } from './list-objects.ts'
import type { CallOptions, CurrentObject } from './object-store.ts'
import { toPin } from './pin.ts'
import type { S3Context } from './s3-calls.ts'

/** A listing of fewer costs more than their HEADs: it is billed in a dearer class. */
const FEWEST = 10
/** Between the first key and the last lie others. Where they are many, a page of them all would be read for a few. */
const ROOM = 4
const PAGE = 1000

/**
 * Returns what one page of a listing says of these objects, by key. It never fails: what it does not show, and all where the key may not
 * list or the store lists no versions, is to be asked for one by one.
 */
export async function listCurrent(
  context: S3Context,
  { bucket, keys }: { bucket: string; keys: readonly string[] },
  { signal }: CallOptions = {},
): Promise<Map<string, CurrentObject>> {
  if (keys.length < FEWEST) return new Map()
  const sorted = keys.toSorted()
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)]
  const range: Range = {
    Bucket: bucket,
    Prefix: commonPrefix(first, last),
    MaxKeys: Math.min(PAGE, keys.length * ROOM),
    after: first.slice(0, -1),
  }
  try {
    const wanted = new Set(keys)
    return new Map([...(await currentIn(context, range, signal))].filter(([key]) => wanted.has(key)))
  } catch (error) {
    signal?.throwIfAborted()
    context.logger.debug({ error, bucket, prefix: range.Prefix }, 'objects are asked for one by one')
    return new Map()
  }
}

interface Range {
  Bucket: string
  Prefix: string
  MaxKeys: number
  /** The listing begins after this key. */
  after: string
}

/** Asks once: what comes instead of a listing is repeated. */
async function currentIn(
  { client }: S3Context,
  { after, ...range }: Range,
  signal: AbortSignal | undefined,
): Promise<Iterable<[string, CurrentObject]>> {
  const options = signal ? { abortSignal: signal } : {}
  try {
    const page = await client.send(new ListObjectVersionsCommand({ ...range, KeyMarker: after }), options)
    // A version that is not the latest, or that a marker hides, says nothing.
    return toCurrent((page.Versions ?? []).filter(({ IsLatest }) => IsLatest))
  } catch (error) {
    if (!knowsNoVersions(error)) throw error
    const page = await client.send(new ListObjectsV2Command({ ...range, StartAfter: after }), options)
    return toCurrent(page.Contents ?? [])
  }
}

function* toCurrent(listed: (ObjectVersion | S3Object)[]): Generator<[string, CurrentObject]> {
  for (const object of listed) {
    const { Key, Size, LastModified = null } = object
    if (Key && Size !== undefined) yield [Key, { ...toPin(object), byteSize: Size, lastModified: LastModified }]
  }
}

function commonPrefix(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return a.slice(0, length)
}
