import { THEMES } from '../theme/theme-store.ts'
import { useTheme } from '../theme/use-theme.ts'
import { ThemeIcon } from '../ui/icons.tsx'
import { Menu, MenuChoice } from '../ui/menu.tsx'

/** Shows the choice of the colours. */
export function ThemeMenu({ className }: { className: string }) {
  const [theme, setTheme] = useTheme()
  const trigger = (
    <button type="button" data-testid="theme-menu" className={className}>
      <ThemeIcon />
      Theme: {THEMES[theme].toLowerCase()}
    </button>
  )
  return (
    <Menu trigger={trigger} side="top">
      <MenuChoice label="Theme" value={theme} choices={THEMES} onChange={setTheme} />
    </Menu>
  )
}
