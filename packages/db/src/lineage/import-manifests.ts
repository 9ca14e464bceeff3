import { newId } from '@darkroom/core'
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from '../client/client.ts'
import { assets, objects, presets, projects, uploads, variants } from '../schema/index.ts'
import type { ManifestRows } from './manifests.ts'

/** A manifest as it was found in a bucket. */
export interface RebuiltManifest {
  rows: ManifestRows
  /** The object that it came from, which gets its row back too. */
  object: {
    bucket: string
    key: string
    versionId: string | null
    etag: string
    bytes: number
    sha256: string
    contentType: string
  }
}

type Row = Record<string, unknown>

/**
 * Prepares a database for a rebuild: takes away the project and the presets that every new database has, because those of the manifests
 * have the same names and other ids. What assets use stays: a rebuild that was interrupted goes on. A database with API keys of a project
 * is in use, and is left as it is.
 * @returns false when it is in use, and has no assets
 */
export async function prepareRebuild(tx: Tx): Promise<boolean> {
  const [found] = await tx.execute<{ has_assets: boolean; has_keys: boolean }>(sql`
    SELECT EXISTS (SELECT FROM assets) AS has_assets, EXISTS (SELECT FROM api_keys WHERE project_id IS NOT NULL) AS has_keys`)
  if (found?.has_keys) return found.has_assets
  await tx.execute(sql`DELETE FROM presets WHERE id NOT IN (SELECT preset_id FROM assets)`)
  await tx.execute(sql`DELETE FROM projects WHERE id NOT IN (SELECT project_id FROM assets)`)
  return true
}

/**
 * Inserts the rows of some manifests that are not there yet. An asset whose id is known, as a tombstone too, is left as it is with all that
 * belongs to it.
 * @returns ids of the assets that were inserted
 */
export async function importManifests(tx: Tx, manifests: readonly RebuiltManifest[]): Promise<string[]> {
  const all = (pick: (rows: ManifestRows) => Row[]) => manifests.flatMap(({ rows }) => pick(rows))
  await insertMissing(
    tx,
    projects,
    all(({ project }) => [project]),
  )
  await insertMissing(
    tx,
    presets,
    all(({ preset }) => [preset]),
  )
  const inserted = await insertMissing(
    tx,
    assets,
    all(({ asset }) => [asset]),
  )
  const ids = new Set(inserted)
  const isNew = (row: Row) => ids.has(String(row.asset_id))
  const own = manifests.map(({ rows: { asset }, object }) => objectRow(asset, object))
  await insertMissing(tx, objects, [...all(({ objects: rows }) => rows), ...own].filter(isNew))
  await insertMissing(tx, variants, all(({ variants: rows }) => rows).filter(isNew))
  await insertMissing(tx, uploads, all(({ uploads: rows }) => rows).filter(isNew))
  return inserted
}

const objectRow = (asset: Row, object: RebuiltManifest['object']): Row => ({
  id: newId(),
  project_id: asset.project_id,
  asset_id: asset.id,
  bucket: object.bucket,
  key: object.key,
  state: 'live',
  version_id: object.versionId,
  etag: object.etag,
  bytes: object.bytes,
  sha256: object.sha256,
  content_type: object.contentType,
})

/** Inserts rows by the columns that they have and the table knows; columns of a later version get their defaults. @returns their ids */
async function insertMissing(tx: Tx, table: PgTable, rows: readonly Row[]): Promise<string[]> {
  const known = new Set(Object.values(getTableColumns(table)).map(column => column.name))
  const name = sql.identifier(getTableName(table))
  const inserted: string[] = []
  for (const [columns, alike] of byColumns(rows, known)) {
    const list = sql.join(
      columns.split(',').map(column => sql.identifier(column)),
      sql`, `,
    )
    inserted.push(...(await insertAlike(tx, { name, list, rows: alike })))
  }
  return inserted
}

async function insertAlike(
  tx: Tx,
  { name, list, rows }: { name: SQL | ReturnType<typeof sql.identifier>; list: SQL; rows: Row[] },
) {
  const found = await tx.execute<{ id: string }>(sql`
    INSERT INTO ${name} (${list})
    SELECT ${list} FROM jsonb_populate_recordset(NULL::${name}, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT DO NOTHING RETURNING id`)
  return found.map(row => row.id)
}

function byColumns(rows: readonly Row[], known: ReadonlySet<string>): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const columns = Object.keys(row)
      .filter(column => known.has(column))
      .sort()
      .join(',')
    groups.set(columns, [...(groups.get(columns) ?? []), row])
  }
  return groups
}
