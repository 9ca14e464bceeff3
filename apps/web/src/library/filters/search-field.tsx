import { useEffect, useId, useRef, useState } from 'react'
import { FIELD } from '../../ui/field.ts'

/** A pause in which nobody types any more. */
const PAUSE_MS = 180

interface SearchFieldProps {
  value: string
  onChange: (text: string) => void
}

/** Searches by part of the name while one types. */
export function SearchField({ value, onChange }: SearchFieldProps) {
  const id = useId()
  const [text, setText] = useState(value)
  const told = useRef(value)
  // Back and forward change the address, and with it the field.
  useEffect(() => {
    if (value === told.current) return
    told.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    const wanted = text.trim()
    if (wanted === told.current) return
    const timer = setTimeout(() => {
      told.current = wanted
      onChange(wanted)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text, onChange])
  return (
    <div>
      <label htmlFor={id} className="sr-only">
        Search by name
      </label>
      <input
        id={id}
        type="search"
        value={text}
        placeholder="Search by name"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={200}
        data-testid="search"
        onChange={event => setText(event.currentTarget.value)}
        className={FIELD}
      />
    </div>
  )
}
