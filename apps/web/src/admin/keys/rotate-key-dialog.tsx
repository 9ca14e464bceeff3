import type { ApiKey, KeyCreated } from '@darkroom/contracts'
import { useId } from 'react'
import { closed } from '../../api/closed.ts'
import { FIELD } from '../../ui/field.ts'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import type { Secret } from '../../ui/secret-dialog.tsx'
import { useAction } from '../session/use-action.ts'
import { type KeyOwner, keyCalls } from './key-calls.ts'

interface RotateKeyDialogProps {
  apiKey: ApiKey
  owner: KeyOwner
  onClose: () => void
  onSecret: (secret: Secret) => void
}

/** How long the old key works beside the new one, in seconds. */
const OVERLAPS = [
  { sec: 86_400, label: 'For a day' },
  { sec: 3600, label: 'For an hour' },
  { sec: 604_800, label: 'For a week' },
  { sec: 0, label: 'Not at all (it leaked)' },
]

/** Asks how long the old key is to work beside the one that takes its place. */
export function RotateKeyDialog({ apiKey: { id, name }, owner, onClose, onSecret }: RotateKeyDialogProps) {
  const fieldId = useId()
  const rotate = useAction(
    (darkroom, form: FormData) => {
      const overlapSec = Number(textOf(form, 'overlapSec'))
      return closed<KeyCreated>(keyCalls(darkroom, owner).rotate(id, { overlapSec }))
    },
    () => `Rotated the key “${name}”.`,
    {
      failsInPlace: true,
      onDone: created => {
        onClose()
        onSecret(newKeySecret(created))
      },
    },
  )
  return (
    <FormDialog
      title={`Rotate “${name}”?`}
      testId="rotate-form"
      submitLabel="Rotate"
      action={rotate}
      onSubmit={rotate.run}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        A new key with the same name, scopes and expiry replaces it. Give it to your programs while both work.
      </p>
      <div>
        <label htmlFor={fieldId} className="mb-1 block text-sm font-medium">
          The old key still works
        </label>
        <select id={fieldId} name="overlapSec" data-autofocus className={FIELD}>
          {OVERLAPS.map(({ sec, label }) => (
            <option key={sec} value={sec}>
              {label}
            </option>
          ))}
        </select>
      </div>
    </FormDialog>
  )
}

/** Returns a new key as the dialog shows it. */
export const newKeySecret = ({ name, key }: KeyCreated): Secret => ({
  title: `The key “${name}”`,
  note: 'Programs send it with each request. Never send it to a browser.',
  value: key,
})
