import { EVENT_TYPES, type EventType, isEventType } from '@darkroom/contracts/event-types'
import { type ReactNode, useState } from 'react'
import { ALL_EVENTS, OUTCOMES } from './event-types.ts'

type Choice = 'outcomes' | 'all' | 'some'

const CHOICES: { choice: Choice; label: ReactNode }[] = [
  { choice: 'outcomes', label: 'Results: ready, partial, failed' },
  { choice: 'all', label: 'All events, about ten per file' },
  { choice: 'some', label: 'These' },
]

/** Shows the choice of events that an endpoint receives. */
export function EventFields() {
  const [choice, setChoice] = useState<Choice>('outcomes')
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">Events</legend>
      {CHOICES.map(({ choice: value, label }) => (
        <label key={value} className="flex min-h-11 items-center gap-3 text-sm">
          <input
            type="radio"
            name="choice"
            value={value}
            checked={choice === value}
            onChange={() => setChoice(value)}
            className="size-5 shrink-0 accent-accent"
          />
          {label}
        </label>
      ))}
      {choice === 'some' && (
        <div className="grid max-h-56 gap-x-4 overflow-y-auto rounded-xl border border-edge px-3 py-1 sm:grid-cols-2">
          {ALL_EVENTS.map(type => (
            <label key={type} title={EVENT_TYPES[type]} className="flex min-h-11 items-center gap-3 font-mono text-xs">
              <input type="checkbox" name="events" value={type} className="size-5 shrink-0 accent-accent" />
              {type}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  )
}

/** Returns the chosen events as the API takes them; null stands for all. @throws an error when none is chosen */
export function eventsOf(form: FormData): EventType[] | null {
  const choice = form.get('choice')
  if (choice !== 'some') return choice === 'all' ? null : OUTCOMES
  const events = form.getAll('events').map(String).filter(isEventType)
  if (events.length === 0) throw new Error('Choose at least one event.')
  return events
}
