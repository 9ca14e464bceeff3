import type { MediaKind, PresetDefinition } from '@darkroom/contracts'
import type { PlannableAsset } from '@darkroom/db/backfills'
import { type Engines, Facts, type PlannedVariant, planSource, variantsToMake } from '@darkroom/media/plan'

/** What a definition would change of an asset that is published. */
export interface AssetDiff {
  kind: MediaKind
  added: PlannedVariant[]
  remade: PlannedVariant[]
  kept: number
  dropped: number
  /** Files that the definition means for it in all. */
  planned: number
}

/** Plans as a worker would, by the facts that are kept; null where they are not. */
export function diffAsset(
  { sha256, facts: kept, focalPoint, standing }: Pick<PlannableAsset, 'sha256' | 'facts' | 'focalPoint' | 'standing'>,
  definition: PresetDefinition,
  engines: Engines,
): AssetDiff | null {
  const { data: facts } = Facts.safeParse(kept)
  if (!facts || sha256 === null) return null
  const wanted = planSource({ facts, sha256, focalPoint }, definition, engines)
  const published = new Map(standing.map(variant => [variant.name, variant]))
  const making = variantsToMake(wanted.variants, published)
  const made = wanted.variants.filter(({ name }) => making.has(name))
  const names = new Set([...wanted.variants, ...wanted.skipped].map(({ name }) => name))
  const dropped = standing.filter(({ name }) => !names.has(name)).length
  const remade = made.filter(({ name }) => published.has(name))
  return {
    kind: facts.kind,
    added: made.filter(({ name }) => !published.has(name)),
    remade,
    kept: standing.length - remade.length - dropped,
    dropped,
    planned: wanted.variants.length,
  }
}
