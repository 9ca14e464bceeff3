import { filterIn, type LibrarySearch, librarySearchOf } from '../search/library-search.ts'

export interface SavedFilter {
  name: string
  search: LibrarySearch
}

type Place = Pick<Storage, 'getItem' | 'setItem'>

const KEY = 'darkroom.saved-filters'
/** A list that one still finds something in. */
const MOST = 50

/** Reads the filters that were saved in this browser; none where what is there is not ours. */
export function readSavedFilters(storage: Place): SavedFilter[] {
  try {
    const saved: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return Array.isArray(saved) ? saved.flatMap(entry => savedFilterOf(entry)) : []
  } catch {
    return []
  }
}

function savedFilterOf(entry: unknown): SavedFilter[] {
  const { name, search } = Object(entry)
  return typeof name === 'string' ? [{ name, search: shownIn(librarySearchOf(Object(search))) }] : []
}

/** Returns what a filter is saved with: what narrows the list, and its order. */
export const shownIn = (search: LibrarySearch): LibrarySearch => ({
  ...filterIn(search),
  ...(search.sort && { sort: search.sort }),
})

/** Saves a filter; one of the same name is replaced. @returns all that are saved then */
export function saveFilter(storage: Place, filter: SavedFilter): SavedFilter[] {
  const others = readSavedFilters(storage).filter(({ name }) => name !== filter.name)
  return write(storage, [filter, ...others].slice(0, MOST))
}

export const removeFilter = (storage: Place, name: string): SavedFilter[] =>
  write(
    storage,
    readSavedFilters(storage).filter(saved => saved.name !== name),
  )

function write(storage: Place, filters: SavedFilter[]): SavedFilter[] {
  storage.setItem(KEY, JSON.stringify(filters))
  return filters
}
