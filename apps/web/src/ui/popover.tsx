import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { FLOATING } from './floating.ts'

interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement
  title: string
  align?: 'start' | 'center' | 'end'
  children: ReactNode
}

/** Shows more about something, beside the button for it; the page stays usable. */
export const Popover = ({ trigger, title, align = 'start', children }: PopoverProps) => (
  <Base.Root>
    <Base.Trigger render={trigger} />
    <Base.Portal>
      <Base.Positioner align={align} sideOffset={6} collisionPadding={8} className="z-40">
        <Base.Popup
          className={`${FLOATING} max-h-(--available-height) w-80 max-w-[calc(100vw-1rem)] overflow-y-auto p-4`}
        >
          <Base.Title className="font-semibold">{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  </Base.Root>
)
