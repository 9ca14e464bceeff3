import { Link } from '@tanstack/react-router'
import { PaletteButton } from '../palette/palette-button.tsx'
import { ForgetKey } from './forget-key.tsx'
import { Home } from './home.tsx'
import { LazyMoreMenu, LazyProjectSwitcher } from './lazy-menus.tsx'
import { useOpenPlaces } from './use-places.ts'

const ITEM =
  'flex min-h-14 w-full flex-col items-center justify-center gap-0.5 rounded-xl text-xs font-medium text-muted aria-[current]:text-ink aria-[current]:[&_svg]:text-accent'

/** Shows the name of the page and the key, above everything on a phone. */
export const TopBar = () => (
  <header className="flex items-center justify-between px-2 py-2">
    <Home />
    <div className="flex min-w-0 items-center gap-1">
      <LazyProjectSwitcher />
      <ForgetKey />
      <PaletteButton className="grid size-11 place-items-center rounded-xl text-muted" isIcon />
    </div>
  </header>
)

/** Shows the way to every part that the key may see, where the thumb is. */
export const BottomBar = () => {
  const places = useOpenPlaces()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-surface px-2 pb-[env(safe-area-inset-bottom)]"
    >
      <ul className="grid auto-cols-fr grid-flow-col">
        {places
          .filter(({ isInBar }) => isInBar)
          .map(({ name, to, label, Icon }) => (
            <li key={name}>
              <Link
                to={to}
                activeOptions={{ exact: to === '/', includeSearch: false }}
                data-testid={`go-${name}`}
                className={ITEM}
              >
                <Icon />
                {label}
              </Link>
            </li>
          ))}
        <li>
          <LazyMoreMenu className={ITEM} />
        </li>
      </ul>
    </nav>
  )
}
