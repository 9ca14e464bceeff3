import type { EventSink } from './events/event-sink.ts'
import type { Bucket } from './store/buckets.ts'
import type { Transaction } from './store/database.ts'
import type { Store } from './store/store.ts'

/**
 * A rule as B2 keeps it: one for each prefix, without a name. Days are whole and positive.
 * https://www.backblaze.com/docs/cloud-storage-lifecycle-rules
 */
export interface LifecycleRule {
  prefix: string
  daysToHide: number | undefined
  daysFromHidingToDelete: number | undefined
  daysToAbortUploads: number | undefined
}

export interface LifecycleOutcome {
  hidden: number
  deleted: number
  abortedUploads: number
}

const dayMs = 24 * 60 * 60 * 1000

function isOlder(time: number, days: number | undefined, now: number): boolean {
  return days !== undefined && now - time >= days * dayMs
}

interface Work {
  store: Store
  events: EventSink
  transaction: Transaction
  bucket: Bucket
  now: number
}

/** Hides what is old, deletes what was hidden or replaced long ago, and drops markers with nothing under them. */
function applyToVersions(
  { store, events, transaction, bucket, now }: Work,
  rule: LifecycleRule,
  done: LifecycleOutcome,
) {
  let newer: { key: string; createdAt: number } | undefined
  const kept = new Map<string, number>()
  const rows = store.listing.everyVersion(bucket, rule.prefix)
  for (const row of rows) {
    const replacedAt = newer?.key === row.key ? newer.createdAt : undefined
    newer = row
    const isExpired = replacedAt !== undefined && isOlder(replacedAt, rule.daysFromHidingToDelete, now)
    const version = isExpired ? store.versions.byId(bucket, row.key, row.versionId) : undefined
    if (version) {
      store.versions.remove(transaction, bucket, version)
      events.emit(transaction, 'b2:ObjectDeleted:LifecycleRule', bucket, version)
      done.deleted += 1
      continue
    }
    kept.set(row.key, (kept.get(row.key) ?? 0) + 1)
    if (row.latest && !row.marker && isOlder(row.createdAt, rule.daysToHide, now)) {
      events.emit(
        transaction,
        'b2:HideMarkerCreated:LifecycleRule',
        bucket,
        store.versions.hide(transaction, bucket, row.key, now),
      )
      kept.set(row.key, (kept.get(row.key) ?? 0) + 1)
      done.hidden += 1
    }
  }
  for (const row of rows) {
    if (!row.marker || !row.latest || kept.get(row.key) !== 1) continue
    const marker = store.versions.byId(bucket, row.key, row.versionId)
    if (!marker) continue
    store.versions.remove(transaction, bucket, marker)
    done.deleted += 1
  }
}

function abortUploads({ store, transaction, bucket, now }: Work, rule: LifecycleRule, done: LifecycleOutcome) {
  for (const upload of store.uploads.all(bucket, rule.prefix)) {
    if (!isOlder(upload.createdAt, rule.daysToAbortUploads, now)) continue
    store.uploads.remove(transaction, upload)
    done.abortedUploads += 1
  }
}

export function lifecycleRulesOf(bucket: Bucket): LifecycleRule[] {
  return bucket.lifecycle === null ? [] : JSON.parse(bucket.lifecycle)
}

/** Runs every bucket's rules once, as B2 does daily; `now` is milliseconds, so a test can look ahead. */
export function applyLifecycle(store: Store, events: EventSink, now: number): Promise<LifecycleOutcome> {
  return store.commit(transaction => {
    const done: LifecycleOutcome = { hidden: 0, deleted: 0, abortedUploads: 0 }
    for (const bucket of store.buckets.list()) {
      const work = { store, events, transaction, bucket, now }
      for (const rule of lifecycleRulesOf(bucket)) {
        applyToVersions(work, rule, done)
        abortUploads(work, rule, done)
      }
    }
    return done
  })
}
