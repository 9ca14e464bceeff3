/** One page of a list. */
export interface Page<Item> {
  items: Item[]
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null
}

/** Goes through a whole list, page by page, and holds one page at a time. */
export async function* eachOf<Item>(list: (cursor: string | undefined) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let cursor: string | undefined
  do {
    const page = await list(cursor)
    yield* page.items
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}
