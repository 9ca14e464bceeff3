/** One page of a list. */
export interface Page<Each> {
  items: Each[]
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null
}

/** What a list is of. */
export type Item<List extends Page<unknown>> = List['items'][number]

/** Goes through a whole list, page by page, and holds one page at a time. `list` gets what the query has of the cursor. */
export async function* eachOf<Each>(list: (cursor: { cursor?: string }) => Promise<Page<Each>>): AsyncGenerator<Each> {
  for (let cursor = {}; ; ) {
    const { items, nextCursor } = await list(cursor)
    yield* items
    if (!nextCursor) return
    cursor = { cursor: nextCursor }
  }
}
