import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { LibrarySearch } from './library-search.ts'

/** Changes to what the address says; `undefined` takes something out of it. */
export type SearchChange = { [Name in keyof LibrarySearch]?: LibrarySearch[Name] | undefined }

/** Returns what the address says, and what changes it. `replace` leaves no entry to go back to, such as while one types. */
export function useLibrarySearch() {
  const search: LibrarySearch = useSearch({ from: '/library' })
  const navigate = useNavigate({ from: '/library' })
  const change = useCallback(
    (changes: SearchChange, { replace = false } = {}) =>
      void navigate({
        search: previous =>
          Object.fromEntries(Object.entries({ ...previous, ...changes }).filter(([, value]) => value !== undefined)),
        replace,
        resetScroll: false,
      }),
    [navigate],
  )
  return { search, change }
}
