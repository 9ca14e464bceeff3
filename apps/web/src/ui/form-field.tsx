import { type ComponentProps, useId } from 'react'
import { FIELD } from './field.ts'

interface FormFieldProps extends ComponentProps<'input'> {
  label: string
  /** After the label, in small. */
  hint?: string
}

/** Shows a single-line field with its label. */
export function FormField({ label, hint, className = '', ...input }: FormFieldProps) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label} {hint && <span className="font-normal text-muted">{hint}</span>}
      </label>
      <input
        id={id}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className={`${FIELD} ${className}`}
        {...input}
      />
    </div>
  )
}
