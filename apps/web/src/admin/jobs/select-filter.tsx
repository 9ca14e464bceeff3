import { useId } from 'react'
import { FIELD } from '../../ui/field.ts'

interface SelectFilterProps<T extends string> {
  label: string
  testId: string
  value: T
  /** Value and what is shown for it. */
  choices: Record<T, string>
  onChange: (value: T) => void
}

export function SelectFilter<T extends string>({ label, testId, value, choices, onChange }: SelectFilterProps<T>) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <select
        id={id}
        data-testid={testId}
        value={value}
        onChange={event => onChange(event.currentTarget.value as T)}
        className={FIELD}
      >
        {(Object.keys(choices) as T[]).map(choice => (
          <option key={choice} value={choice}>
            {choices[choice]}
          </option>
        ))}
      </select>
    </div>
  )
}
