import { useMatches } from '@tanstack/react-router'
import type { Row } from '../hooks/use-rows.ts'
import { useTitle } from '../hooks/use-title.ts'
import { standingOf } from '../uploads/row-state.ts'

/** Sets the title of the tab: how uploads stand, and which page is open. */
export function usePageTitle(rows: readonly Row[]): void {
  const title = useMatches({
    select: matches =>
      matches.some(({ status, _notFound }) => status === 'notFound' || _notFound)
        ? 'Not found'
        : (matches.at(-1)?.staticData.title ?? null),
  })
  useTitle([standingOf(rows.map(({ state }) => state)), title])
}
