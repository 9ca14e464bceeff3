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
    (darkroom, form: FormData) => {
      const rate = textOf(form, 'rate')
      return darkroom.presets.apply(name, {
        version,
        canary: Number(textOf(form, 'canary')),
        ...(rate !== '' && { ratePerMinute: Number(rate) }),
      })
    },
    () => `Applying ${name}@${version}. Uploads have priority.`,
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
        It has lower priority than uploads. Published variants stay until their replacement is ready. To revert, apply
        the previous version.
      </p>
      <FormField
        label="Canary"
        hint="Process this many assets first; a failure pauses the backfill."
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
        label="Maximum jobs per minute"
        hint="Empty: as many as the workers can take."
        name="rate"
        type="number"
        inputMode="numeric"
        min={1}
        max={100_000}
      />
    </FormDialog>
  )
}
