import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { FIELD } from '../../ui/field.ts'

interface TextFilterProps {
  label: string
  testId: string
  value: string
  placeholder: string
  suggestions?: string[]
  /** The value that a text stands for; null when it is none. */
  parse: (text: string) => string | null
  onChange: (value: string) => void
}

/** Shows a text filter. It takes effect with Enter, on leaving the field, or when a suggestion is picked. */
export function TextFilter({ label, testId, value, placeholder, suggestions = [], parse, onChange }: TextFilterProps) {
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [isWrong, setWrong] = useState(false)

  // The Back button and a cleared filter show here too.
  useEffect(() => {
    if (field.current) field.current.value = value
    setWrong(false)
  }, [value])

  function commit(text: string): void {
    const next = parse(text)
    setWrong(next === null)
    if (next !== null && next !== value) onChange(next)
  }

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    commit(field.current?.value ?? '')
  }

  return (
    <form onSubmit={onSubmit} className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <input
        ref={field}
        id={id}
        data-testid={testId}
        type="search"
        list={suggestions.length > 0 ? `${id}-list` : undefined}
        defaultValue={value}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${id}-wrong` : undefined}
        onBlur={event => commit(event.currentTarget.value)}
        onChange={event => {
          const text = event.currentTarget.value
          if (text === '' || suggestions.includes(text)) commit(text)
        }}
        className={`${FIELD} font-mono placeholder:font-sans`}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map(suggestion => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
      {isWrong && (
        <p id={`${id}-wrong`} role="alert" className="mt-1 text-xs text-bad">
          This is not a valid id.
        </p>
      )}
    </form>
  )
}
