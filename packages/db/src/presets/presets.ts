import { BUILT_IN_PRESETS, type PresetDefinition, type PresetSelector } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, asc, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { type Preset, presets } from '../schema/index.ts'

/** Inserts the built-in presets that are missing. Existing versions are never changed: presets are immutable. */
export async function seedBuiltInPresets(tx: Tx): Promise<void> {
  for (const preset of BUILT_IN_PRESETS) {
    await tx
      .insert(presets)
      .values({ id: newId(), ...preset })
      .onConflictDoNothing()
  }
}

const visibleTo = (projectId: string) => or(eq(presets.projectId, projectId), isNull(presets.projectId))
/** A project's own version stands before a built-in one of the same name and number. */
const ownFirst = sql`${presets.projectId} IS NULL`

/**
 * Builds the part of a statement that selects the version of a preset that a project means, the newest when none is
 * named. A project with versions of its own under a built-in name gets the newest of those; an older built-in one is
 * still found by its number.
 */
const fromMeant = (projectId: string, name: string | SQL, version: number | SQL | null = null): SQL => sql`
  FROM presets
  WHERE name = ${name} AND ${visibleTo(projectId)} AND version = coalesce(${version}, version)
  ORDER BY ${ownFirst}, version DESC LIMIT 1`

/** Finds the version of a preset that a project means; null when there is none. */
export async function findPreset(
  tx: Tx,
  projectId: string,
  name: string,
  version: number | null = null,
): Promise<Preset | null> {
  const [row] = await tx.execute<{ preset: Record<string, unknown> }>(
    sql`SELECT to_jsonb(presets) AS preset ${fromMeant(projectId, name, version)}`,
  )
  return row ? mapRow(presets, row.preset) : null
}

/** One preset: that of an id, or what a project means by a name. */
export type PresetChoice = { id: string } | PresetSelector

/** Builds a query for `id`, `name` and `version` of a preset, chosen as `findPreset` does. */
export const presetQuery = (projectId: string, choice: PresetChoice): SQL =>
  'id' in choice ? presetOfId(sql`${choice.id}`) : meantPreset(projectId, choice.name, choice.version)

const presetOfId = (id: SQL): SQL => sql`SELECT id, name, version FROM presets WHERE id = ${id}`

const meantPreset = (projectId: string, name: string | SQL, version: number | SQL | null): SQL =>
  sql`SELECT id, name, version ${fromMeant(projectId, name, version)}`

/** Builds the same query for a row `given` that has a choice in `preset_id`, or in `preset_name` and `preset_version`. */
export const presetOfRowQuery = (projectId: string): SQL => sql`
  ${presetOfId(sql`given.preset_id`)}
  UNION ALL (${meantPreset(projectId, sql`given.preset_name`, sql`given.preset_version`)})`

/** Formats a preset choice: `gallery`, or `gallery@2`. */
export function presetText(choice: PresetChoice): string {
  if ('id' in choice) return choice.id
  return choice.version === null ? choice.name : `${choice.name}@${choice.version}`
}

/** Lists a page of presets in their newest versions, by name. `after` is the last name seen. */
export const listPresets = (
  tx: Tx,
  projectId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Preset[]> =>
  tx
    .selectDistinctOn([presets.name])
    .from(presets)
    .where(and(visibleTo(projectId), after === null ? undefined : gt(presets.name, after)))
    .orderBy(asc(presets.name), ownFirst, desc(presets.version))
    .limit(limit)

/** Lists every version of a preset that the project can name, the newest first. */
export const listPresetVersions = (tx: Tx, projectId: string, name: string): Promise<Preset[]> =>
  tx
    .selectDistinctOn([presets.version])
    .from(presets)
    .where(and(eq(presets.name, name), visibleTo(projectId)))
    .orderBy(desc(presets.version), ownFirst)

/**
 * Adds the next version of a project's preset; the newest one is answered when it says the same, so asking twice makes one.
 * Under a built-in name numbers go on after the built-in ones, so that each number means one thing.
 */
export async function createPresetVersion(
  tx: Tx,
  { projectId, name, definition }: { projectId: string; name: string; definition: PresetDefinition },
): Promise<{ preset: Preset; isNew: boolean }> {
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`preset ${projectId} ${name}`}, 0))`)
  const json = JSON.stringify(definition)
  const [same] = await tx.execute<{ id: string }>(sql`
    SELECT id FROM (SELECT id, definition ${fromMeant(projectId, name)}) AS newest WHERE definition = ${json}::jsonb`)
  if (same) return { preset: await getPreset(tx, same.id), isNew: false }
  const next = sql<number>`(
    SELECT coalesce(max(version), 0) + 1 FROM presets WHERE name = ${name} AND ${visibleTo(projectId)}
  )`
  const [preset] = await tx
    .insert(presets)
    .values({ id: newId(), projectId, name, version: next, definition })
    .returning()
  if (!preset) throw new Error('INSERT returned no row')
  return { preset, isNew: true }
}

export async function getPreset(tx: Tx, id: string): Promise<Preset> {
  const [row] = await tx.select().from(presets).where(eq(presets.id, id))
  if (!row) throw new Error(`preset ${id} is gone although presets are immutable`)
  return row
}
