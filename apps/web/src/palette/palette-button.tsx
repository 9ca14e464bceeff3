import { SearchIcon } from '../ui/icons.tsx'
import { usePalette } from './palette-host.tsx'

const IS_APPLE = /mac|iphone|ipad/i.test(navigator.platform)

interface PaletteButtonProps {
  className: string
  /** Without its text, where there is no room. */
  isIcon?: boolean
}

/** Opens the command palette, for those who do not know its key. */
export function PaletteButton({ className, isIcon = false }: PaletteButtonProps) {
  const { open } = usePalette()
  return (
    <button
      type="button"
      onClick={open}
      data-testid="open-palette"
      aria-keyshortcuts="Control+K Meta+K"
      {...(isIcon && { 'aria-label': 'Search and commands' })}
      className={className}
    >
      <SearchIcon />
      {!isIcon && (
        <>
          <span className="flex-1 text-left">Search</span>
          <span className="text-xs" aria-hidden="true">
            {IS_APPLE ? '⌘K' : 'Ctrl K'}
          </span>
        </>
      )}
    </button>
  )
}
