import { useEffect, useId, useState } from 'react'
import { FIELD } from '../../ui/field.ts'
import { useTags } from '../data/use-library-queries.ts'

interface TagFieldProps {
  value: string
  onChange: (tag: string) => void
}

/** Filters by a tag, and suggests those that there are. */
export function TagField({ value, onChange }: TagFieldProps) {
  const id = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const tags = useTags(text.trim())
  const isKnown = (tag: string) => tags.some(({ name }) => name === tag)
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs text-muted">
        Tag
      </label>
      <input
        id={id}
        list={`${id}-tags`}
        value={text}
        placeholder="All tags"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={100}
        data-testid="filter-tag"
        onChange={event => {
          const typed = event.currentTarget.value
          setText(typed)
          // Chosen from the list, or emptied.
          const isChosen = (event.nativeEvent as InputEvent).inputType !== 'insertText' && isKnown(typed)
          if (typed === '' || isChosen) onChange(typed)
        }}
        onBlur={() => text.trim() !== value && onChange(text.trim())}
        onKeyDown={event => event.key === 'Enter' && onChange(text.trim())}
        className={FIELD}
      />
      <datalist id={`${id}-tags`}>
        {tags.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  )
}
