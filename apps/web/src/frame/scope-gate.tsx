import { useMatches } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense } from 'react'
import { useKeyAccess } from '../session/use-key-access.ts'

/** Most keys are never refused anything. */
const NoScope = lazy(() => import('./no-scope.tsx'))

/** Shows a page, or in its place which scope the key lacks for it (`needs` of its route). */
export function ScopeGate({ children }: { children: ReactNode }) {
  const { denialOf, isLoading } = useKeyAccess()
  const { needs, title } = useMatches({ select: matches => matches.at(-1)?.staticData ?? {} })
  if (!needs) return children
  // So that nothing is asked for or offered that the key may not do.
  if (isLoading) return null
  const denial = denialOf(needs)
  if (!denial) return children
  return (
    <Suspense fallback={null}>
      <NoScope title={title ?? 'Darkroom'} reason={denial} />
    </Suspense>
  )
}
