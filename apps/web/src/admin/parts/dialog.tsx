import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Button } from '../../components/button.tsx'
import { CloseIcon } from '../../components/icons.tsx'

interface DialogProps {
  title: string
  testId: string
  /** Called once it is closed, in whatever way. */
  onClose: () => void
  /** A click beside it does not close it: what it shows would be lost. */
  isKept?: boolean
  /** What stands in it; `close` closes it. */
  children: (close: () => void) => ReactNode
}

/**
 * A question over the page. What has `data-autofocus` takes the focus, else the first button. Escape and a click beside it
 * close it, and the focus goes back to where it was.
 */
export function Dialog({ title, testId, onClose, isKept = false, children }: DialogProps) {
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
      className="m-auto w-[min(100vw-1.5rem,30rem)] rounded-3xl border border-line bg-surface text-left text-ink shadow-card backdrop:bg-black/60"
    >
      <div className="p-5 sm:p-7">
        <div className="flex items-start justify-between gap-4">
          <h2 id={titleId} className="pt-2 text-lg font-semibold tracking-tight">
            {title}
          </h2>
          <Button look="icon" aria-label="Close" onClick={close} className="-mr-2">
            <CloseIcon />
          </Button>
        </div>
        {children(close)}
      </div>
    </dialog>
  )
}
