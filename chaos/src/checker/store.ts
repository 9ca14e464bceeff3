import type { Deployment } from '../deployment/deployment.ts'
import { PRIVATE_BUCKET, PUBLIC_BUCKET } from '../deployment/settings.ts'
import { listMultiparts, listVersions } from './store-listing.ts'
import type { Violation } from './violation.ts'

type ObjectRow = { bucket: string; key: string; state: string; version_id: string | null; asset_status: string }

const BUCKETS = [PRIVATE_BUCKET, PUBLIC_BUCKET]
/** Assets for which bytes may still be on their way. */
const OPEN = new Set(['awaiting_upload', 'processing'])

const placeOf = ({ bucket, key }: { bucket: string; key: string }) => `${bucket}/${key}`

/**
 * Checks I4 from both sides: every object in the store has a row, and every live row has its object in the store.
 * @param isFinal after the second pass over all doomed objects: now only live versions may be left
 */
export async function checkStore(deployment: Deployment, { isFinal }: { isFinal: boolean }): Promise<Violation[]> {
  const endpoint = deployment.store.url
  const [versions, multiparts] = await Promise.all([
    Promise.all(BUCKETS.map(bucket => listVersions(endpoint, bucket))),
    Promise.all(BUCKETS.map(bucket => listMultiparts(endpoint, bucket))),
  ])
  // After the listing: what was written meanwhile has had its row before its first byte.
  const rows = await deployment.sql<ObjectRow[]>`
    SELECT o.bucket, o.key, o.state, o.version_id, a.status AS asset_status FROM objects o JOIN assets a ON a.id = o.asset_id`
  const rowOf = new Map(rows.map(row => [placeOf(row), row]))
  const stored = versions.flat()
  const inStore = new Set(stored.map(version => `${placeOf(version)} ${version.versionId}`))
  return [
    ...stored.flatMap(version => {
      const row = rowOf.get(placeOf(version))
      const detail = strayVersion(row, version, isFinal)
      return detail ? [{ kind: 'orphan' as const, subject: `${placeOf(version)} ${version.versionId}`, detail }] : []
    }),
    ...multiparts.flat().flatMap(multipart => {
      const row = rowOf.get(placeOf(multipart))
      if (row && (!isFinal || OPEN.has(row.asset_status))) return []
      return [{ kind: 'orphan' as const, subject: `multipart ${placeOf(multipart)}`, detail: 'was never ended' }]
    }),
    ...rows
      .filter(row => row.state === 'live' && !inStore.has(`${placeOf(row)} ${row.version_id}`))
      .map(row => ({
        kind: 'lost' as const,
        subject: placeOf(row),
        detail: `live in its row (of an asset that is ${row.asset_status}), not in the store`,
      })),
    ...(isFinal ? rows.flatMap(unfinishedRow) : []),
  ]
}

function strayVersion(
  row: ObjectRow | undefined,
  version: { versionId: string; isDeleteMarker: boolean },
  isFinal: boolean,
): string | null {
  if (!row) return 'is in the store and in no row'
  if (!isFinal || OPEN.has(row.asset_status)) return null
  if (version.isDeleteMarker) return 'a delete marker was left'
  return row.version_id === version.versionId ? null : `its row (${row.state}) is about another version`
}

const unfinishedRow = (row: ObjectRow): Violation[] =>
  row.state === 'live' || OPEN.has(row.asset_status)
    ? []
    : [{ kind: 'orphan', subject: placeOf(row), detail: `its row is still ${row.state}` }]
