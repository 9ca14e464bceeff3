import { useId } from 'react'
import type { Editing } from './draft.ts'

interface JsonFieldProps {
  editing: Editing
  faults: ReadonlyMap<string, string>
  onChange: (text: string) => void
}

/** Edits the whole definition as text: what the form shows, and what it has no field for. */
export function JsonField({ editing: { text, fault }, faults, onChange }: JsonFieldProps) {
  const id = useId()
  const isWrong = fault !== null || faults.size > 0
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        Definition <span className="font-normal text-muted">as JSON; the form shows the same</span>
      </label>
      <textarea
        id={id}
        data-testid="preset-json"
        value={text}
        onChange={event => onChange(event.target.value)}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        aria-invalid={isWrong || undefined}
        aria-describedby={isWrong ? `${id}-faults` : undefined}
        className="h-[32rem] w-full rounded-xl border border-edge bg-paper p-3 font-mono text-base leading-relaxed sm:text-xs"
      />
      {isWrong && (
        <ul id={`${id}-faults`} data-testid="json-faults" className="mt-2 grid gap-1 text-sm text-bad">
          {fault && <li>{fault}</li>}
          {[...faults].map(([path, message]) => (
            <li key={path}>
              <span className="font-mono text-xs">{path}</span>: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
