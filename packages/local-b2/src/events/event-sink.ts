import { randomUUID } from 'node:crypto'
import type { Bucket } from '../store/buckets.ts'
import type { Transaction } from '../store/database.ts'
import type { Outbox } from '../store/outbox.ts'
import type { VersionSummary } from '../store/versions.ts'

export type EventType =
  | 'b2:ObjectCreated:Upload'
  | 'b2:ObjectCreated:MultipartUpload'
  | 'b2:ObjectCreated:Copy'
  | 'b2:ObjectDeleted:Delete'
  | 'b2:ObjectDeleted:LifecycleRule'
  | 'b2:HideMarkerCreated:Hide'
  | 'b2:HideMarkerCreated:LifecycleRule'

/** One of B2's Event Notification rules; `url` may be plain HTTP here, and `eventTypes` may end in `:*`. */
export interface EventRule {
  name: string
  bucket: string
  prefix: string
  eventTypes: string[]
  url: string
  /** 32 alphanumerics on B2. Without it events are sent unsigned, as B2 does. */
  secret?: string
}

export interface EventSink {
  /** Records the event for every rule it matches, in the transaction that caused it. */
  emit(transaction: Transaction, type: EventType, bucket: Bucket, version: VersionSummary): void
}

export function ruleMatches(rule: EventRule, type: EventType, bucket: string, key: string): boolean {
  const matchesType = rule.eventTypes.some(pattern =>
    pattern.endsWith(':*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type,
  )
  return matchesType && rule.bucket === bucket && key.startsWith(rule.prefix)
}

/** Identifies a rule: names are unique in their bucket only. */
export const ruleId = ({ bucket, name }: EventRule): string => `${bucket}/${name}`

export function createEventSink(rules: () => readonly EventRule[], outbox: Outbox, onAdded: () => void): EventSink {
  return {
    emit(transaction, type, bucket, version) {
      const matching = rules().filter(rule => ruleMatches(rule, type, bucket.name, version.key))
      for (const rule of matching) {
        const now = Date.now()
        const event = {
          accountId: 'local',
          bucketId: bucket.b2_id,
          bucketName: bucket.name,
          eventId: randomUUID().replaceAll('-', ''),
          eventTimestamp: now,
          eventType: type,
          eventVersion: 1,
          matchedRuleName: rule.name,
          objectName: version.key,
          objectSize: type.startsWith('b2:ObjectDeleted') ? null : version.size,
          objectVersionId: version.versionId,
        }
        outbox.add(transaction, ruleId(rule), JSON.stringify({ events: [event] }), now)
      }
      if (matching.length > 0) transaction.afterCommit(onAdded)
    },
  }
}
