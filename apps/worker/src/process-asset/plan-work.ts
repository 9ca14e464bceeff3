import { crashpoint, newId } from '@darkroom/core'
import { planRun, type StoredObject } from '@darkroom/db'
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

/** Records what was found, what will be made, and every object before its first byte. */
export async function planWork(deps: WorkerDeps, { asset, lease }: Run, source: Source, facts: Facts): Promise<Work> {
  const { database, settings, presetOf } = deps
  const wanted = plan(facts, await presetOf(asset.presetId))
  const bucket = settings.publicBucket ?? settings.privateBucket
  const variants = wanted.variants.map(variant => ({
    name: variant.name,
    required: variant.required,
    contentType: variant.contentType,
    width: variant.width,
    height: variant.height,
    fingerprint: fingerprint(source.sha256, variant),
    objectId: newId(),
    bucket,
    key: variantKey(asset.projectId, asset.id, variant.extension),
  }))
  const original = {
    objectId: newId(),
    bucket: settings.privateBucket,
    key: originalKey(asset.projectId, asset.id),
    contentType: facts.contentType,
  }
  const made = await planRun(database.db, lease, {
    facts: { ...facts, sha256: source.sha256 },
    variants,
    original: source.isPromoted ? null : original,
  })
  crashpoint('plan.after-commit')

  const objects = variants.flatMap(({ name, objectId }) => {
    const row = made.get(objectId)
    return row ? [[name, row] as const] : []
  })
  const names = new Set(objects.map(([name]) => name))
  return {
    plan: { ...wanted, variants: wanted.variants.filter(({ name }) => names.has(name)) },
    objects: new Map(objects),
    fingerprints: new Map(variants.map(variant => [variant.name, variant.fingerprint])),
    original: made.get(original.objectId) ?? null,
  }
}
