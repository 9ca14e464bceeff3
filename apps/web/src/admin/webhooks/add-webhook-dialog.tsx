import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import type { Secret } from '../../ui/secret-dialog.tsx'
import { useAction } from '../session/use-action.ts'
import { EventFields, eventsOf } from './event-fields.tsx'
import { newSecret } from './webhook-actions.tsx'

interface AddWebhookDialogProps {
  onClose: () => void
  onSecret: (secret: Secret) => void
}

export function AddWebhookDialog({ onClose, onSecret }: AddWebhookDialogProps) {
  const add = useAction(
    async (darkroom, form: FormData) =>
      darkroom.webhooks.create({
        url: textOf(form, 'url'),
        description: textOf(form, 'description'),
        events: eventsOf(form),
      }),
    ({ url }) => `Added ${url}.`,
    {
      failsInPlace: true,
      onDone: ({ secret }) => {
        onClose()
        onSecret(newSecret(secret))
      },
    },
  )
  return (
    <FormDialog
      title="Add an endpoint"
      testId="webhook-form"
      submitLabel="Add"
      action={add}
      onSubmit={add.run}
      onClose={onClose}
    >
      <FormField
        label="URL"
        name="url"
        type="url"
        required
        data-autofocus
        maxLength={2000}
        placeholder="https://shop.example.com/darkroom"
      />
      <FormField label="Description" hint="Shown in this list." name="description" maxLength={200} />
      <EventFields />
    </FormDialog>
  )
}
