import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from './button.tsx'

interface ConfirmDialogProps {
  title: string
  /** What it means: how many, what cannot be undone. */
  children: ReactNode
  confirmLabel: string
  /** What is lost cannot be had back. */
  isDangerous?: boolean
  testId: string
  onConfirm: () => void
  /** Called once it is closed, in whatever way. */
  onClose: () => void
}

/** Asks before something is done. Only its buttons and Escape close it; the harmless answer has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirmLabel, isDangerous = false, testId, onConfirm, onClose } = props
  const [isOpen, setOpen] = useState(true)
  const back = useRef<HTMLButtonElement>(null)
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen} onOpenChangeComplete={open => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/60 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          data-testid={testId}
          initialFocus={back}
          className="fixed inset-x-3 top-1/2 z-40 mx-auto max-w-120 -translate-y-1/2 rounded-3xl border border-line bg-surface p-5 text-ink shadow-card outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:p-7"
        >
          <Base.Title className="text-lg font-semibold tracking-tight wrap-anywhere">{title}</Base.Title>
          <Base.Description render={<div />} className="mt-2 text-sm text-muted text-pretty">
            {children}
          </Base.Description>
          <div className="mt-5 flex flex-wrap gap-2">
            <Base.Close
              render={<Button look={isDangerous ? 'danger' : 'primary'} data-testid={`confirm-${testId}`} />}
              onClick={onConfirm}
            >
              {confirmLabel}
            </Base.Close>
            <Base.Close render={<Button look="quiet" ref={back} data-testid={`cancel-${testId}`} />}>Back</Base.Close>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
