/** One page of a list. */
export interface Page<Each> {
  items: Each[]
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null
}

/**
 * Makes the call that goes through a whole list out of the one that reads a page: it holds one page at a time.
 * @param list gets the query, with the cursor of the page
 */
export const eachOf = <Query extends { cursor?: string }, Each, Options>(
  list: (query: Query, options?: Options) => Promise<Page<Each>>,
) =>
  async function* each(query?: Omit<Query, 'cursor'>, options?: Options): AsyncGenerator<Each, void> {
    let cursor: string | null | undefined
    do {
      const page: Page<Each> = await list({ ...query, ...(cursor && { cursor }) } as Query, options)
      yield* page.items
      cursor = page.nextCursor
    } while (cursor)
  }
