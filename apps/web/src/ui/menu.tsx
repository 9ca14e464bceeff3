import { Menu as Base } from '@base-ui/react/menu'
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactElement, type ReactNode, useEffect, useRef } from 'react'
import { FLOATING, FLOATING_ITEM } from './floating.ts'
import { CheckIcon } from './icons.tsx'

/** Some items before the end of a menu, the next ones are read. */
const REACH_PX = 200

interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement
  side?: 'top' | 'bottom'
  align?: 'start' | 'end'
  children: ReactNode
}

/** Shows a menu of actions, links and choices at its button. Arrow keys and the first letters move in it. */
export const Menu = ({ trigger, side = 'bottom', align = 'start', children }: MenuProps) => (
  <Base.Root>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-40">
        <Base.Popup className={`${FLOATING} max-h-(--available-height) min-w-48 overflow-y-auto p-1.5`}>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)

interface MenuItemProps {
  onSelect: () => void
  disabled?: boolean
  testId?: string
  children: ReactNode
}

export const MenuItem = ({ onSelect, disabled = false, testId, children }: MenuItemProps) => (
  <Base.Item onClick={onSelect} disabled={disabled} data-testid={testId} className={FLOATING_ITEM}>
    {children}
  </Base.Item>
)

interface MenuLinkProps {
  link: LinkProps
  testId?: string
  children: ReactNode
}

/** Leads to another page. */
export const MenuLink = ({ link, testId, children }: MenuLinkProps) => (
  <Base.LinkItem closeOnClick render={<Link {...link} />} data-testid={testId} className={FLOATING_ITEM}>
    {children}
  </Base.LinkItem>
)

interface MenuChoiceProps<T extends string> {
  label: string
  value: T
  /** Value and what is shown for it. */
  choices: Record<T, string>
  disabled?: boolean
  onChange: (value: T) => void
}

/** Shows a group of a menu of which one is chosen. */
export const MenuChoice = <T extends string>({
  label,
  value,
  choices,
  disabled = false,
  onChange,
}: MenuChoiceProps<T>) => (
  <Base.Group>
    <Base.GroupLabel className="px-3 pt-2 pb-1 text-xs text-muted">{label}</Base.GroupLabel>
    <Base.RadioGroup value={value} onValueChange={onChange} disabled={disabled}>
      {(Object.keys(choices) as T[]).map(choice => (
        <Base.RadioItem key={choice} value={choice} closeOnClick className={FLOATING_ITEM}>
          <span className="grid size-5 place-items-center">
            <Base.RadioItemIndicator>
              <CheckIcon />
            </Base.RadioItemIndicator>
          </span>
          {choices[choice]}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  </Base.Group>
)

/** Says something in a menu that is no choice. */
export const MenuNote = ({ children }: { children: ReactNode }) => (
  <p className="max-w-64 px-3 py-2 text-sm text-muted">{children}</p>
)

interface MenuMoreProps {
  /** Brings more items above it; null while they come. */
  onReach: (() => void) | null
  children: ReactNode
}

/** Ends a menu of which there is more: that is read when this comes near, by the wheel or by arrow keys. */
export function MenuMore({ onReach, children }: MenuMoreProps) {
  const line = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (!line.current || !onReach) return
    const observer = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && onReach(), {
      // Of the popup, which scrolls.
      root: line.current.closest('[role=menu]'),
      rootMargin: `${REACH_PX}px`,
    })
    observer.observe(line.current)
    return () => observer.disconnect()
  }, [onReach])
  return (
    <p ref={line} aria-live="polite" className="px-3 py-2 text-sm text-muted">
      {children}
    </p>
  )
}

export const MenuSeparator = () => <Base.Separator className="mx-3 my-1.5 h-px bg-line" />
