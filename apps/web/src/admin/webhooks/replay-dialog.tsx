import { useState } from 'react'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { fromLocalInput, toLocalInput } from '../filter/time-range.ts'
import { useAction } from '../session/use-action.ts'

const DAY_MS = 86_400_000

interface ReplayDialogProps {
  webhookId: string
  onClose: () => void
}

/** Asks since when everything is to be sent again. */
export function ReplayDialog({ webhookId, onClose }: ReplayDialogProps) {
  const [dayAgo] = useState(() => new Date(Date.now() - DAY_MS).toISOString())
  const replay = useAction(
    (darkroom, form: FormData) => darkroom.webhooks.replay(webhookId, { after: fromLocalInput(textOf(form, 'after')) }),
    ({ redelivered }) => `Sending ${redelivered} deliveries again. Events that were never sent follow automatically.`,
    { failsInPlace: true, onDone: onClose },
  )
  return (
    <FormDialog
      title="Replay since when?"
      testId="replay-form"
      submitLabel="Send again"
      action={replay}
      onSubmit={replay.run}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        All events since then are sent again, with the same ids. This includes events from before the endpoint was
        created.
      </p>
      <FormField
        label="Since"
        hint="In the time zone of this browser."
        name="after"
        type="datetime-local"
        required
        data-autofocus
        defaultValue={toLocalInput(dayAgo)}
      />
    </FormDialog>
  )
}
