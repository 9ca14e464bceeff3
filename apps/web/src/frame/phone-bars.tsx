import { Link } from '@tanstack/react-router'
import { THEMES } from '../theme/theme-store.ts'
import { useTheme } from '../theme/use-theme.ts'
import { BookIcon, MoreIcon } from '../ui/icons.tsx'
import { Menu, MenuChoice, MenuItem, MenuLink, MenuSeparator } from '../ui/menu.tsx'
import { ForgetKey } from './forget-key.tsx'
import { Home } from './home.tsx'
import { PLACES } from './places.ts'

const ITEM =
  'flex min-h-14 w-full flex-col items-center justify-center gap-0.5 rounded-xl text-xs font-medium text-muted aria-[current]:text-ink aria-[current]:[&_svg]:text-accent'

/** Shows the name of the page and the key, above everything on a phone. */
export const TopBar = () => (
  <header className="flex items-center justify-between px-2 py-2">
    <Home />
    <ForgetKey />
  </header>
)

/** Shows the way to every part, where the thumb is. */
export const BottomBar = () => (
  <nav
    aria-label="Main"
    className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-surface px-2 pb-[env(safe-area-inset-bottom)]"
  >
    <ul className="grid grid-cols-4">
      {PLACES.filter(({ isInBar }) => isInBar).map(({ name, to, label, Icon }) => (
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
        <MoreMenu />
      </li>
    </ul>
  </nav>
)

function MoreMenu() {
  const [theme, setTheme] = useTheme()
  const trigger = (
    <button type="button" data-testid="go-more" className={ITEM}>
      <MoreIcon />
      More
    </button>
  )
  return (
    <Menu trigger={trigger} side="top" align="end">
      {PLACES.filter(({ isInBar }) => !isInBar).map(({ name, to, label, Icon }) => (
        <MenuLink key={name} link={{ to }} testId={`go-${name}`}>
          <Icon />
          {label}
        </MenuLink>
      ))}
      <MenuItem onSelect={() => window.location.assign('/docs')}>
        <BookIcon />
        API docs
      </MenuItem>
      <MenuSeparator />
      <MenuChoice label="Theme" value={theme} choices={THEMES} onChange={setTheme} />
    </Menu>
  )
}
