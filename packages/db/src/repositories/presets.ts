import { BUILT_IN_PRESETS } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { presets } from '../schema/index.ts'

export type Preset = typeof presets.$inferSelect

/** A version that stands is never touched: presets are immutable. */
export async function seedBuiltInPresets(tx: Tx): Promise<void> {
  for (const preset of BUILT_IN_PRESETS) {
    await tx
      .insert(presets)
      .values({ id: newId(), ...preset })
      .onConflictDoNothing()
  }
}

/** The newest version of a preset, the project's own before a built-in of the same name. */
export async function findPreset(tx: Tx, projectId: string, name: string): Promise<Preset | null> {
  const [row] = await tx
    .select()
    .from(presets)
    .where(and(eq(presets.name, name), or(eq(presets.projectId, projectId), isNull(presets.projectId))))
    .orderBy(sql`${presets.projectId} IS NULL`, desc(presets.version))
    .limit(1)
  return row ?? null
}

export async function getPreset(tx: Tx, id: string): Promise<Preset> {
  const [row] = await tx.select().from(presets).where(eq(presets.id, id))
  if (!row) throw new Error(`preset ${id} is gone although presets are immutable`)
  return row
}
