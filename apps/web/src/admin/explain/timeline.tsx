import type { TimelineEntry } from '@darkroom/contracts'
import { Section } from '../../ui/section.tsx'
import { dateTime, timeOfDay } from '../format/human-time.ts'
import { ErrorLine } from '../shared/error-line.tsx'
import { keyedEntries } from './keyed-entries.ts'

/** Lists what happened to the asset, oldest first. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const first = entries[0]
  return (
    <Section title="Timeline" note={first && `since ${dateTime(first.at)}`} testId="timeline">
      {entries.length === 0 && <p className="text-sm text-muted">No events.</p>}
      <ol className="ml-1 border-l border-edge/60">
        {keyedEntries(entries).map(({ key, entry }) => (
          <TimelineItem key={key} entry={entry} />
        ))}
      </ol>
    </Section>
  )
}

function TimelineItem({ entry: { at, what, detail, error } }: { entry: TimelineEntry }) {
  return (
    <li data-testid="timeline-entry" className="relative pb-4 pl-5 last:pb-0">
      <span
        aria-hidden="true"
        className={`absolute top-1.5 -left-[4.5px] size-2 rounded-full ring-4 ring-paper ${error ? 'bg-bad' : 'bg-edge'}`}
      />
      <div className="grid gap-x-5 sm:grid-cols-[7rem_1fr]">
        <time dateTime={at} title={dateTime(at)} className="text-sm text-muted">
          {timeOfDay(at)}
        </time>
        <div className="min-w-0">
          <p className={isEventName(what) ? 'py-0.5 font-mono text-xs' : 'text-sm font-medium first-letter:uppercase'}>
            {what}
          </p>
          {detail && <p className="text-sm text-muted wrap-anywhere">{detail}</p>}
          {error && <ErrorLine error={error} />}
        </div>
      </div>
    </li>
  )
}

/** Tells whether a text is the name of an event, such as `asset.failed`. */
const isEventName = (what: string): boolean => /^\w+\.\w+$/.test(what)
