import { lazy, type ReactNode, Suspense } from 'react'
import { useIsIdle } from '../hooks/use-is-idle.ts'

const menus = () => import('./menus.tsx')
const ThemeMenu = lazy(async () => ({ default: (await menus()).ThemeMenu }))
const MoreMenu = lazy(async () => ({ default: (await menus()).MoreMenu }))
const ProjectSwitcher = lazy(async () => ({ default: (await menus()).ProjectSwitcher }))

/** Shows something once the page is painted; `fallback` keeps its room until then. */
function WhenIdle({ fallback, children }: { fallback: ReactNode; children: ReactNode }) {
  const isIdle = useIsIdle()
  return isIdle ? <Suspense fallback={fallback}>{children}</Suspense> : fallback
}

/** Shows the choice of the colours. */
export const LazyThemeMenu = ({ className }: { className: string }) => (
  <WhenIdle fallback={<div className={className} />}>
    <ThemeMenu className={className} />
  </WhenIdle>
)

/** Shows where else one can go on a phone. */
export const LazyMoreMenu = ({ className }: { className: string }) => (
  <WhenIdle fallback={<div className={className} />}>
    <MoreMenu className={className} />
  </WhenIdle>
)

/** Shows in which project one works. */
export const LazyProjectSwitcher = () => (
  <WhenIdle fallback={<div className="min-h-13.5 max-md:min-h-11" />}>
    <ProjectSwitcher />
  </WhenIdle>
)
