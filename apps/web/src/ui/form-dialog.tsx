import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface FormDialogProps {
  title: string
  testId: string
  /** On the button that does it. */
  submitLabel: string
  /** What the form starts; it stays open until that is done, and shows why it was not. */
  action: { isPending: boolean; error: Error | null }
  onSubmit: (form: FormData) => void
  onClose: () => void
  /** The fields. */
  children: ReactNode
}

/** Shows a form over the page. What was typed stays until it was accepted. */
export function FormDialog({ title, testId, submitLabel, action, onSubmit, onClose, children }: FormDialogProps) {
  return (
    <Dialog title={title} testId={testId} onClose={onClose} isKept>
      {close => (
        <form
          onSubmit={event => {
            event.preventDefault()
            onSubmit(new FormData(event.currentTarget))
          }}
        >
          <div className="mt-3 grid gap-4">{children}</div>
          {action.error && (
            <p role="alert" ref={intoView} className="mt-4 rounded-xl bg-bad-soft px-4 py-3 text-sm wrap-anywhere">
              {action.error.message}
            </p>
          )}
          <div className="mt-5 flex flex-wrap gap-2">
            <Button look="primary" type="submit" disabled={action.isPending} data-testid={`confirm-${testId}`}>
              {submitLabel}
            </Button>
            <Button look="quiet" onClick={close}>
              Back
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  )
}

/** Scrolls to the line, which may be below the edge on a phone. */
const intoView = (line: HTMLElement | null) => line?.scrollIntoView({ block: 'nearest' })

/** Returns the text of a single-line field, trimmed. */
export const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '').trim()
