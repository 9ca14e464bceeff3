import { MEDIA_TYPES, type MediaKind, typeOfFilename } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { findBucketImport, findBucketObjects } from '@darkroom/db/uploads'
import type { BucketSource } from './bucket-source.ts'
import { inPages } from './in-pages.ts'
import { isFolderMark } from './place-of-key.ts'

export interface Tally {
  objects: number
  bytes: number
}

/** What is in a bucket, and what of it an import would take. */
export interface BucketSurvey {
  /** By what the names say; `unknown` is decided by the content type in the bucket. */
  kinds: Record<MediaKind | 'unknown', Tally>
  /** Those that were imported before: none of the kinds. */
  known: Tally
  /** Larger than a file may be, or empty: none of the kinds. */
  refused: Tally
}

const PAGE = 500

const noTally = (): Tally => ({ objects: 0, bytes: 0 })

/** Counts what an import would take, by the listing alone: nothing is read or written. */
export async function surveyBucket(
  db: Database,
  {
    source,
    projectId,
    prefix,
    maxBytes,
    signal,
  }: { source: BucketSource; projectId: string; prefix: string; maxBytes: number; signal: AbortSignal },
): Promise<BucketSurvey> {
  const { endpoint, bucket, store } = source
  const earlier = await findBucketImport(db, { projectId, endpoint, bucket })
  const survey: BucketSurvey = {
    kinds: { image: noTally(), video: noTally(), audio: noTally(), document: noTally(), unknown: noTally() },
    known: noTally(),
    refused: noTally(),
  }
  for await (const page of inPages(store.listObjects({ bucket, prefix }, { signal }), PAGE)) {
    const keys = page.map(({ key }) => key)
    const rows = earlier ? await findBucketObjects(db, earlier.id, keys) : []
    const imported = new Set(rows.flatMap(({ key, etag, importedAt }) => (importedAt ? [`${etag} ${key}`] : [])))
    for (const { key, etag, byteSize } of page) {
      if (isFolderMark(key)) continue
      const isRefused = byteSize === 0 || byteSize > maxBytes
      const tally = imported.has(`${etag} ${key}`)
        ? survey.known
        : isRefused
          ? survey.refused
          : survey.kinds[kindOfKey(key)]
      tally.objects += 1
      tally.bytes += byteSize
    }
  }
  return survey
}

function kindOfKey(key: string): MediaKind | 'unknown' {
  const type = typeOfFilename(key.slice(key.lastIndexOf('/') + 1))
  return type === null ? 'unknown' : MEDIA_TYPES[type].kind
}
