import type { KeyCreated, Scope } from '@darkroom/contracts'
import { closed } from '../../api/closed.ts'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import type { Secret } from '../../ui/secret-dialog.tsx'
import { fromLocalInput } from '../filter/time-range.ts'
import { useAction } from '../session/use-action.ts'
import { type KeyOwner, keyCalls } from './key-calls.ts'
import { SCOPE_WORDS, SCOPES } from './key-words.ts'
import { newKeySecret } from './rotate-key-dialog.tsx'

interface CreateKeyDialogProps {
  owner: KeyOwner
  onClose: () => void
  onSecret: (secret: Secret) => void
}

/** What most programs need. */
const USUAL: Scope[] = ['upload', 'read']

export function CreateKeyDialog({ owner, onClose, onSecret }: CreateKeyDialogProps) {
  const create = useAction(
    async (darkroom, form: FormData) => {
      const scopes = SCOPES.filter(scope => form.getAll('scopes').includes(scope))
      if (scopes.length === 0) throw new Error('Choose at least one scope.')
      const expiresAt = fromLocalInput(textOf(form, 'expiresAt')) || null
      const body = { name: textOf(form, 'name'), scopes, expiresAt }
      return closed<KeyCreated>(keyCalls(darkroom, owner).create(body))
    },
    ({ name }) => `Created the key “${name}”.`,
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
      title="Create an API key"
      testId="key-form"
      submitLabel="Create"
      action={create}
      onSubmit={create.run}
      onClose={onClose}
    >
      <FormField label="Name" name="name" required data-autofocus maxLength={100} placeholder="web shop" />
      <fieldset className="min-w-0">
        <legend className="text-sm font-medium">Scopes</legend>
        {SCOPES.map(scope => (
          <label key={scope} className="flex min-h-11 items-center gap-3 text-sm">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              defaultChecked={USUAL.includes(scope)}
              className="size-5 shrink-0 accent-accent"
            />
            <span>
              <span className="font-medium">{scope}</span> <span className="text-muted">{SCOPE_WORDS[scope]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <FormField label="Ends" hint="Empty: never." name="expiresAt" type="datetime-local" />
    </FormDialog>
  )
}
