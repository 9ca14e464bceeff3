/** Which assets are selected, and from where the next range begins. */
export interface Selection {
  ids: ReadonlySet<string>
  /** The asset that was chosen last. */
  anchor: string | null
}

export const NOTHING: Selection = { ids: new Set(), anchor: null }

/** Selects one more, or one less. */
export function toggled({ ids }: Selection, id: string): Selection {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return { ids: next, anchor: id }
}

/**
 * Selects everything from the asset that was chosen last to this one, in the order of the list, beside what was selected. The
 * next range begins where this one did, as in lists of files.
 */
export function extended({ ids, anchor }: Selection, to: string, order: readonly string[]): Selection {
  const [from, until] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(to)]
  if (until < 0) return { ids, anchor }
  if (from < 0) return { ids: new Set([...ids, to]), anchor: to }
  const range = order.slice(Math.min(from, until), Math.max(from, until) + 1)
  return { ids: new Set([...ids, ...range]), anchor }
}

/** Selects everything that is given. */
export const everything = (order: readonly string[]): Selection => ({
  ids: new Set(order),
  anchor: order.at(-1) ?? null,
})
