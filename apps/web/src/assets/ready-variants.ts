import type { Asset, Variant } from '@darkroom/contracts'

/** A ready variant: everything that a page needs to show it. */
export interface ReadyVariant extends Variant {
  url: string
}

const isReady = (variant: Variant): variant is ReadyVariant => variant.status === 'ready' && variant.url !== null

/** Returns the ready variants, the smallest image first. */
export const readyVariants = ({ variants }: Pick<Asset, 'variants'>): ReadyVariant[] =>
  variants.filter(isReady).toSorted((a, b) => (a.width ?? 0) - (b.width ?? 0))
