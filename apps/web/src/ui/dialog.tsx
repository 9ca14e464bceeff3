import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from './button.tsx'
import { CloseIcon } from './icons.tsx'

const WIDTHS = {
  narrow: 'w-[min(100vw-1.5rem,30rem)]',
  wide: 'max-h-[min(92dvh,60rem)] w-[min(100vw-1.5rem,48rem)] overflow-y-auto overscroll-contain',
}

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
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const close = () => dialog.current?.close()
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      // Browsers give the focus back of a dialog that is closed, not of one that is taken away.
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it; the key for that is Escape, which dialogs have.
    <dialog
      ref={dialog}
      data-testid={testId}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={event => event.target === dialog.current && !isKept && close()}
      className={`m-auto ${WIDTHS[width]} rounded-3xl border border-line bg-surface text-left text-ink shadow-card backdrop:bg-black/60`}
    >
      {banner}
      <div className="p-5 sm:p-7">
        <div className="flex items-start justify-between gap-4">
          <div className="grid min-w-0 gap-1 pt-2">
            <h2 id={titleId} dir="auto" className="text-lg font-semibold tracking-tight wrap-anywhere">
              {title}
            </h2>
            {subtitle}
          </div>
          <Button look="icon" aria-label="Close" onClick={close} className="-mr-2">
            <CloseIcon />
          </Button>
        </div>
        {children(close)}
      </div>
    </dialog>
  )
}
