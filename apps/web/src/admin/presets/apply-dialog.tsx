import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { useAction } from '../session/use-action.ts'
import { number } from './preset-words.ts'

interface ApplyDialogProps {
  name: string
  version: number
  /** Assets for which something would be made or dropped. */
  touched: number
  onClose: () => void
}

/** Asks how careful to be, and begins to move files to a version. */
export function ApplyDialog({ name, version, touched, onClose }: ApplyDialogProps) {
  const apply = useAction(
    (api, form: FormData) => {
      const rate = textOf(form, 'rate')
      return api.applyPreset(name, {
        version,
        canary: Number(textOf(form, 'canary')),
        ...(rate !== '' && { ratePerMinute: Number(rate) }),
      })
    },
    () => `Applying ${name}@${version}. Uploads go first.`,
    { failsInPlace: true, onDone: onClose },
  )
  return (
    <FormDialog
      title={`Apply ${name}@${version}?`}
      testId="apply-form"
      submitLabel={touched === 0 ? 'Apply' : `Apply to ${number(touched)} ${touched === 1 ? 'asset' : 'assets'}`}
      action={apply}
      onSubmit={apply.run}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        It runs behind whatever somebody waits for. What is published stays until its successor stands; to go back,
        apply the version of before.
      </p>
      <FormField
        label="Canary"
        hint="So many first; a failure among them pauses the rest."
        name="canary"
        type="number"
        inputMode="numeric"
        min={0}
        max={1000}
        required
        data-autofocus
        defaultValue={10}
      />
      <FormField
        label="Jobs a minute, at most"
        hint="Empty: as many as workers take."
        name="rate"
        type="number"
        inputMode="numeric"
        min={1}
        max={100_000}
      />
    </FormDialog>
  )
}
