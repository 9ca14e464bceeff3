/** Runs `work` over all items in their order, as many at once as there are lanes. */
export async function inParallel<Item, Lane>(
  items: readonly Item[],
  lanes: readonly Lane[],
  work: (item: Item, lane: Lane) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  await Promise.all(
    lanes.map(async lane => {
      for (const item of waiting) await work(item, lane)
    }),
  )
}

export const lanes = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
