import { Dialog as Base } from '@base-ui/react/dialog'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { CloseIcon } from './icons.tsx'

const WIDTHS = { narrow: 'max-w-120', wide: 'max-w-3xl' }

interface DialogProps {
  title: string
  testId?: string
  width?: keyof typeof WIDTHS
  /** What stands above the title, from edge to edge. */
  banner?: ReactNode
  /** What stands below the title, beside the button that closes. */
  subtitle?: ReactNode
  /** Called once it is closed, in whatever way. */
  onClose: () => void
  /** A click beside it does not close it: what it shows would be lost. */
  isKept?: boolean
  /** What stands in it; `close` closes it. */
  children: (close: () => void) => ReactNode
}

/**
 * Shows something over the page. What has `data-autofocus` takes the focus, else the first button. Escape and a click beside it
 * close it, and the focus goes back to where it was.
 */
export function Dialog(props: DialogProps) {
  const { title, testId, width = 'narrow', banner, subtitle, onClose, isKept = false, children } = props
  const [isOpen, setOpen] = useState(true)
  const popup = useRef<HTMLDivElement>(null)
  const close = () => setOpen(false)
  return (
    <Base.Root
      open={isOpen}
      onOpenChange={setOpen}
      onOpenChangeComplete={open => !open && onClose()}
      disablePointerDismissal={isKept}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/60 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto overscroll-contain p-3">
          <Base.Popup
            ref={popup}
            data-testid={testId}
            initialFocus={() => popup.current?.querySelector<HTMLElement>('[data-autofocus]') ?? true}
            className={`w-full ${WIDTHS[width]} overflow-clip rounded-3xl border border-line bg-surface text-left text-ink shadow-card outline-none transition duration-150 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0`}
          >
            {banner}
            <div className="p-5 sm:p-7">
              <div className="flex items-start justify-between gap-4">
                <div className="grid min-w-0 gap-1 pt-2">
                  <Base.Title dir="auto" className="text-lg font-semibold tracking-tight wrap-anywhere">
                    {title}
                  </Base.Title>
                  {subtitle}
                </div>
                <Base.Close render={<Button look="icon" aria-label="Close" className="-mr-2" />}>
                  <CloseIcon />
                </Base.Close>
              </div>
              {children(close)}
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
