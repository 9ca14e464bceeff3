import type { ServiceStatus } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { PaletteButton } from '../palette/palette-button.tsx'
import { useKeyAccess } from '../session/use-key-access.ts'
import { BookIcon } from '../ui/icons.tsx'
import { ForgetKey } from './forget-key.tsx'
import { Home } from './home.tsx'
import { LazyProjectSwitcher, LazyThemeMenu } from './lazy-menus.tsx'
import { PLACES, type Place } from './places.ts'

const ITEM =
  'flex min-h-11 items-center gap-3 rounded-xl px-3 text-sm font-medium text-muted transition-colors hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink aria-[current]:[&_svg]:text-accent'

/** Shows the way to every part, at the side of a wide window. */
export const Rail = ({ status }: { status: ServiceStatus | null }) => (
  <header className="sticky top-0 flex h-dvh w-56 shrink-0 flex-col gap-5 overflow-y-auto border-r border-line px-3 py-5">
    <div className="grid gap-3">
      <Home />
      <LazyProjectSwitcher />
      <PaletteButton className={`${ITEM} border border-line bg-surface`} />
    </div>
    <nav aria-label="Main">
      <ul className="grid gap-0.5">
        {PLACES.map(place => (
          <li key={place.name}>
            <PlaceLink {...place} />
          </li>
        ))}
      </ul>
    </nav>
    <div className="mt-auto grid gap-0.5">
      {status?.mode === 'local' && (
        <p className="flex items-center gap-2 px-3 py-2 text-sm text-muted">
          <span className="mx-1.5 size-2 rounded-full bg-good" aria-hidden="true" />
          Local mode
        </p>
      )}
      <ForgetKey />
      <LazyThemeMenu className={ITEM} />
      <a href="/docs" className={ITEM}>
        <BookIcon />
        API docs
      </a>
    </div>
  </header>
)

/** Most keys are never refused anything, so they do not load what says why. */
const Tooltip = lazy(async () => ({ default: (await import('../ui/tooltip.tsx')).Tooltip }))

/** Leads to a part; where the key has no access, it says why instead. */
function PlaceLink({ name, to, label, needs, Icon }: Place) {
  const { denialOf } = useKeyAccess()
  const denial = needs && denialOf(needs)
  if (denial) {
    return (
      <Suspense fallback={null}>
        <Tooltip text={denial} side="right">
          <button
            type="button"
            aria-disabled="true"
            data-testid={`no-${name}`}
            className={`${ITEM} w-full cursor-not-allowed opacity-60`}
          >
            <Icon />
            {label}
            <span className="sr-only">. {denial}</span>
          </button>
        </Tooltip>
      </Suspense>
    )
  }
  return (
    <Link
      to={to}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      data-testid={`go-${name}`}
      className={ITEM}
    >
      <Icon />
      {label}
    </Link>
  )
}
