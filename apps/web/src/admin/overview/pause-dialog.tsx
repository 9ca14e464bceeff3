import { type FormEvent, useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FIELD } from '../../ui/field.ts'

interface PauseDialogProps {
  what: string
  onPause: (reason: string) => void
  onClose: () => void
}

export function PauseDialog({ what, onPause, onClose }: PauseDialogProps) {
  const id = useId()

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const reason = new FormData(event.currentTarget).get('reason')
    onPause(typeof reason === 'string' ? reason.trim() : '')
  }

  return (
    <Dialog title={`Pause ${what}?`} testId="pause-dialog" onClose={onClose}>
      {close => (
        <form
          onSubmit={event => {
            onSubmit(event)
            close()
          }}
        >
          <p className="mt-2 text-sm text-muted">
            Running jobs finish, no new jobs start. Uploads are still accepted and wait.
          </p>
          <label htmlFor={id} className="mt-4 mb-1 block text-sm font-medium">
            Reason <span className="font-normal text-muted">Shown to other operators.</span>
          </label>
          <input id={id} name="reason" data-autofocus maxLength={500} autoComplete="off" className={FIELD} />
          <div className="mt-5 flex flex-wrap gap-2">
            <Button look="primary" type="submit" data-testid="confirm-pause">
              Pause
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
