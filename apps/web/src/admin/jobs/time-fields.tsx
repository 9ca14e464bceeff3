import { useId } from 'react'
import { FIELD } from '../../ui/field.ts'
import type { JobFilter } from '../filter/job-filter.ts'
import { fromLocalInput, toLocalInput } from '../filter/time-range.ts'

interface TimeFieldsProps {
  filter: JobFilter
  onChange: (filter: JobFilter) => void
}

/** Shows both ends of a range of time, in the time zone of this browser. Either may stay empty. */
export function TimeFields({ filter, onChange }: TimeFieldsProps) {
  const id = useId()
  const end = (name: 'after' | 'before', label: string) => (
    <div className="min-w-0 max-sm:col-span-2">
      <label htmlFor={`${id}-${name}`} className="mb-1 block text-xs text-muted">
        {label}
      </label>
      <input
        // Anew when the URL says something else. Left alone while a date is typed part by part.
        key={filter[name]}
        id={`${id}-${name}`}
        data-testid={`filter-${name}`}
        type="datetime-local"
        defaultValue={toLocalInput(filter[name])}
        onBlur={event => {
          const time = fromLocalInput(event.currentTarget.value)
          if (time !== filter[name]) onChange({ ...filter, [name]: time })
        }}
        className={FIELD}
      />
    </div>
  )
  return (
    <>
      {end('after', 'From')}
      {end('before', 'To')}
    </>
  )
}
