import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

interface TooltipProps {
  /** What is said; the control has its own name, because touch screens and screen readers have no tooltips. */
  text: ReactNode
  side?: 'top' | 'right' | 'bottom' | 'left'
  /** The control that it is about. */
  children: ReactElement
}

/** Says a word about a control while the pointer or the focus is on it. */
export const Tooltip = ({ text, side = 'top', children }: TooltipProps) => (
  <Base.Root>
    <Base.Trigger render={children} />
    <Base.Portal>
      <Base.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
        <Base.Popup className="max-w-72 rounded-lg bg-ink px-2.5 py-1.5 text-xs text-paper transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
          {text}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)
