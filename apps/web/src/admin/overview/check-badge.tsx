import type { InstallationCheck } from '@darkroom/contracts'
import { ChevronIcon } from '../../ui/icons.tsx'
import { Prose } from '../../ui/prose.tsx'
import { dateTime, humanAgo } from '../format/human-time.ts'
import { summaryOf } from './check-words.ts'
import { useChecks } from './use-checks.ts'

const DOTS = { fault: 'bg-bad', warning: 'bg-warn', ok: 'bg-good', none: 'bg-edge' }

/** Says whether the installation is well, in a line that opens: what is amiss, the likely cause, and what to do. */
export function CheckBadge({ now }: { now: number }) {
  const { data } = useChecks()
  if (!data) return null
  const { checkedAt, checks, faults, warnings } = data
  const amiss = (['fault', 'warning'] as const).flatMap(state => checks.filter(each => each.state === state))
  const worst = faults > 0 ? 'fault' : warnings > 0 ? 'warning' : checkedAt === null ? 'none' : 'ok'
  return (
    <details data-testid="checks" data-state={worst} className="group mb-6 text-sm">
      <summary className="-ml-1 flex min-h-11 w-fit cursor-pointer list-none items-center gap-2 rounded-lg pr-3 hover:text-ink">
        <span className="-rotate-90 text-muted transition-transform group-open:rotate-0">
          <ChevronIcon />
        </span>
        <span className={`size-2.5 shrink-0 rounded-full ${DOTS[worst]}`} aria-hidden="true" />
        <span data-testid="checks-summary" className="font-medium">
          {summaryOf(data)}
        </span>
        {checkedAt && (
          <time dateTime={checkedAt} title={dateTime(checkedAt)} className="text-muted">
            checked {humanAgo(checkedAt, now)}
          </time>
        )}
      </summary>
      {amiss.length > 0 && (
        <ul className="grid gap-3">
          {amiss.map(check => (
            <CheckItem key={check.id} check={check} />
          ))}
        </ul>
      )}
      <p className="mt-3 text-muted">
        These are the checks of <code className="font-mono text-[0.92em]">npx darkroom doctor</code> that store nothing.
        Run it on the server for all of them.
      </p>
    </details>
  )
}

function CheckItem({ check: { id, title, state, seen, cause, fix } }: { check: InstallationCheck }) {
  const look = state === 'fault' ? 'border-bad/40 bg-bad-soft' : 'border-line bg-surface'
  return (
    <li data-testid="check" data-id={id} className={`rounded-2xl border p-4 wrap-anywhere ${look}`}>
      <h2 className="font-semibold">
        {state === 'fault' ? 'Fault' : 'Warning'}: <span className="font-mono text-[0.92em]">{id}</span>
      </h2>
      <p className="mt-1">
        <span className="font-medium">Expected:</span> {title}
      </p>
      <p className="mt-1">
        <span className="font-medium">Seen:</span> {seen}
      </p>
      {cause && (
        <p className="mt-1">
          <span className="font-medium">Likely cause:</span> <Prose text={cause} />
        </p>
      )}
      {fix && (
        <p className="mt-1">
          <span className="font-medium">What to do:</span> <Prose text={fix} />
        </p>
      )}
    </li>
  )
}
