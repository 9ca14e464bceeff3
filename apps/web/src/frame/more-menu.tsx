import { THEMES } from '../theme/theme-store.ts'
import { useTheme } from '../theme/use-theme.ts'
import { BookIcon, MoreIcon } from '../ui/icons.tsx'
import { Menu, MenuChoice, MenuItem, MenuLink, MenuSeparator } from '../ui/menu.tsx'
import { useOpenPlaces } from './use-places.ts'

/** Shows where else one can go on a phone, and the choice of the colours. */
export function MoreMenu({ className }: { className: string }) {
  const [theme, setTheme] = useTheme()
  const places = useOpenPlaces()
  const trigger = (
    <button type="button" data-testid="go-more" className={className}>
      <MoreIcon />
      More
    </button>
  )
  return (
    <Menu trigger={trigger} side="top" align="end">
      {places
        .filter(({ isInBar }) => !isInBar)
        .map(({ name, to, label, Icon }) => (
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
