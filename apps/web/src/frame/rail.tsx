import type { ServiceStatus } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { BookIcon } from '../ui/icons.tsx'
import { ForgetKey } from './forget-key.tsx'
import { Home } from './home.tsx'
import { PLACES, type Place } from './places.ts'
import { ThemeMenu } from './theme-menu.tsx'

const ITEM =
  'flex min-h-11 items-center gap-3 rounded-xl px-3 text-sm font-medium text-muted transition-colors hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink aria-[current]:[&_svg]:text-accent'

/** Shows the way to every part, at the side of a wide window. */
export const Rail = ({ status }: { status: ServiceStatus | null }) => (
  <div className="sticky top-0 flex h-dvh w-56 shrink-0 flex-col gap-6 overflow-y-auto border-r border-line px-3 py-5">
    <Home />
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
      <ThemeMenu className={ITEM} />
      <a href="/docs" className={ITEM}>
        <BookIcon />
        API docs
      </a>
    </div>
  </div>
)

const PlaceLink = ({ name, to, label, Icon }: Place) => (
  <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} data-testid={`go-${name}`} className={ITEM}>
    <Icon />
    {label}
  </Link>
)
