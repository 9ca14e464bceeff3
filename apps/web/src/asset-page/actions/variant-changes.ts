import type { Asset, Variant } from '@darkroom/contracts'

/** What became of a variant between two states of an asset. */
export interface VariantChange {
  name: string
  what: 'added' | 'changed' | 'removed' | 'same'
  before: Variant | null
  after: Variant | null
}

/** Compares the variants of an asset before and after it was made again; those that are the same come last. */
export function variantChanges(before: Pick<Asset, 'variants'>, after: Pick<Asset, 'variants'>): VariantChange[] {
  const of = ({ variants }: Pick<Asset, 'variants'>) =>
    new Map(variants.filter(({ status }) => status === 'ready').map(variant => [variant.name, variant]))
  const [had, has] = [of(before), of(after)]
  const changes = [...new Set([...has.keys(), ...had.keys()])].map(name => {
    const [old, now] = [had.get(name) ?? null, has.get(name) ?? null]
    return { name, what: whatOf(old, now), before: old, after: now }
  })
  return changes.toSorted((a, b) => Number(a.what === 'same') - Number(b.what === 'same'))
}

function whatOf(before: Variant | null, after: Variant | null): VariantChange['what'] {
  if (!before) return 'added'
  if (!after) return 'removed'
  return before.sha256 === after.sha256 ? 'same' : 'changed'
}
