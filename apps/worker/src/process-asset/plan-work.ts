import { newId } from '@darkroom/core'
import {
  changeAssetOfRun,
  doomAbandonedObjects,
  fenced,
  getPreset,
  insertObjects,
  planVariants,
  type StoredObject,
} from '@darkroom/db'
import { type Facts, fingerprint, type Plan, plan } from '@darkroom/media'
import { originalKey, variantKey } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import type { Run } from '../handlers/handler.ts'
import type { Source } from './source.ts'

export interface Work {
  /** What has to be made; what stands from before is left out. */
  plan: Plan
  /** Rows of the objects to be written, by variant name. */
  objects: Map<string, StoredObject>
  fingerprints: Map<string, string>
  /** Row of the original to be written; null when it stands. */
  original: StoredObject | null
}

/** Records what was found, what will be made, and every object before its first byte: one transaction. */
export async function planWork(deps: WorkerDeps, { asset, lease }: Run, source: Source, facts: Facts): Promise<Work> {
  const { database, settings } = deps
  const preset = await getPreset(database.db, asset.presetId)
  const wanted = plan(facts, preset.definition)
  const fingerprints = new Map(wanted.variants.map(variant => [variant.name, fingerprint(source.sha256, variant)]))
  const owner = { projectId: asset.projectId, assetId: asset.id, leaseToken: lease.leaseToken }
  const variantBucket = settings.publicBucket ?? settings.privateBucket

  return fenced(database.db, lease, async tx => {
    await doomAbandonedObjects(tx, asset.id, lease.leaseToken)
    const toMake = await planVariants(
      tx,
      lease,
      wanted.variants.map(({ name, required, contentType, width, height }) => ({
        name,
        required,
        contentType,
        width,
        height,
        fingerprint: fingerprints.get(name) ?? '',
      })),
    )
    const variants = wanted.variants.filter(variant => toMake.has(variant.name))
    const variantRows = variants.map(variant => ({
      ...owner,
      id: newId(),
      bucket: variantBucket,
      key: variantKey(asset.projectId, asset.id, variant.extension),
      contentType: variant.contentType,
    }))
    const originalRow = {
      ...owner,
      id: newId(),
      bucket: settings.privateBucket,
      key: originalKey(asset.projectId, asset.id),
      contentType: facts.contentType,
    }
    const rows = await insertObjects(tx, source.isPromoted ? variantRows : [...variantRows, originalRow])
    const rowOf = new Map(rows.map(row => [row.id, row]))
    await changeAssetOfRun(tx, lease, { set: factsForRow(source, facts), event: 'asset.inspected' })
    return {
      plan: { ...wanted, variants },
      objects: new Map(
        variants.flatMap((variant, index) => {
          const row = rowOf.get(variantRows[index]?.id ?? '')
          return row ? [[variant.name, row] as const] : []
        }),
      ),
      fingerprints,
      original: rowOf.get(originalRow.id) ?? null,
    }
  })
}

const factsForRow = (source: Source, facts: Facts) => ({
  kind: facts.kind,
  contentType: facts.contentType,
  sha256: source.sha256,
  width: facts.width,
  height: facts.height,
  durationMs: facts.durationMs,
  pageCount: facts.pageCount,
  animated: facts.animated,
  facts: facts.details,
})
