import { useSwitchProject } from '../session/use-switch-project.ts'
import { ChevronIcon } from '../ui/icons.tsx'
import { Menu, MenuChoice, MenuLink, MenuMore, MenuNote } from '../ui/menu.tsx'
import { usePage } from './page-context.ts'

/** Shows in which project one works and what the key may do there, and leads to others. */
export function ProjectSwitcher() {
  const { underWay } = usePage()
  const { access, destinations, hasMore, loadMore, switchTo } = useSwitchProject()
  if (!access) return null
  const current = destinations.find(({ isCurrent }) => isCurrent)
  const choices = Object.fromEntries(destinations.map(({ id, label }) => [id, label]))
  const trigger = (
    <button
      type="button"
      data-testid="project-switcher"
      className="flex min-h-11 min-w-0 items-center gap-2 rounded-xl border border-line bg-surface px-3 py-1.5 text-left hover:bg-sunken max-md:max-w-40"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium">{current?.label}</span>
        <span className="block truncate text-xs text-muted max-md:hidden">
          {scopesText(access.scopes, access.isOperator)}
        </span>
      </span>
      <ChevronIcon />
    </button>
  )
  return (
    <Menu trigger={trigger}>
      {/* The files on their way belong to this one. */}
      {underWay > 0 && <MenuNote>Uploads are running; switch when they are done.</MenuNote>}
      <MenuChoice
        label="Project"
        value={current?.id ?? ''}
        choices={choices}
        disabled={underWay > 0}
        onChange={id => void switchTo(id)}
      />
      {hasMore && <MenuMore onReach={loadMore}>More projects…</MenuMore>}
      <MenuLink link={{ to: '/settings' }}>What this key may do</MenuLink>
    </Menu>
  )
}

const scopesText = (scopes: readonly string[], isOperator: boolean): string =>
  [isOperator ? 'operator' : null, ...scopes].filter(Boolean).join(', ')
