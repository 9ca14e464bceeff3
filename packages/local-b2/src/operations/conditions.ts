import { s3Error } from '../errors.ts'

export interface Validators {
  etag: string
  createdAt: number
}

export interface Conditions {
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
  ifModifiedSince: string | undefined
  ifUnmodifiedSince: string | undefined
}

function listsEtag(list: string, etag: string): boolean {
  return list.split(',').some(item => {
    const tag = item.trim().replace(/^W\//, '')
    return tag === '*' || tag.replaceAll('"', '') === etag
  })
}

/** Compares an HTTP date, which has whole seconds, with the time of a version. */
function isModifiedSince(date: string, createdAt: number): boolean | undefined {
  const time = Date.parse(date)
  return Number.isNaN(time) ? undefined : Math.floor(createdAt / 1000) * 1000 > time
}

/** Evaluates conditional headers in the order of RFC 9110: entity tags win over dates. `failed` is a 412, `unchanged` a 304. */
export function evaluateConditions(conditions: Conditions, object: Validators): 'holds' | 'failed' | 'unchanged' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions
  if (ifMatch !== undefined) {
    if (!listsEtag(ifMatch, object.etag)) return 'failed'
  } else if (ifUnmodifiedSince !== undefined && isModifiedSince(ifUnmodifiedSince, object.createdAt)) return 'failed'
  if (ifNoneMatch !== undefined) return listsEtag(ifNoneMatch, object.etag) ? 'unchanged' : 'holds'
  if (ifModifiedSince !== undefined && isModifiedSince(ifModifiedSince, object.createdAt) === false) return 'unchanged'
  return 'holds'
}

/** Conditions on the source of a copy: any that fails is a 412. */
export function requireSourceConditions(header: (name: string) => string | undefined, source: Validators) {
  const outcome = evaluateConditions(
    {
      ifMatch: header('x-amz-copy-source-if-match'),
      ifNoneMatch: header('x-amz-copy-source-if-none-match'),
      ifModifiedSince: header('x-amz-copy-source-if-modified-since'),
      ifUnmodifiedSince: header('x-amz-copy-source-if-unmodified-since'),
    },
    source,
  )
  if (outcome !== 'holds') throw s3Error('PreconditionFailed')
}
