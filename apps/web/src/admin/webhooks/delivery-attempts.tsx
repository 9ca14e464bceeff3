import type { WebhookDelivery } from '@darkroom/contracts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { dateTime, humanDuration } from '../format/human-time.ts'
import { ErrorLine } from '../shared/error-line.tsx'
import { adviceOf } from './delivery-advice.ts'
import { answerText } from './webhook-words.ts'

type Attempt = WebhookDelivery['attempts'][number]

/** Lists each time that a message was sent, the newest first: when, how long, and what came back. */
export const DeliveryAttempts = ({ attempts }: { attempts: Attempt[] }) => (
  <ol className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card" aria-label="Attempts">
    {attempts.map((attempt, index) => (
      <AttemptItem key={attempt.attempt} attempt={attempt} isNewest={index === 0} />
    ))}
  </ol>
)

function AttemptItem({ attempt, isNewest }: { attempt: Attempt; isNewest: boolean }) {
  const { attempt: number, startedAt, durationMs, status, answer, error } = attempt
  const advice = isNewest ? adviceOf(attempt) : null
  return (
    <li data-testid="delivery-attempt" data-status={status ?? 'none'} className="px-4 py-3 text-sm sm:px-5">
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="inline-flex items-center gap-2 font-medium">
          <StatusDot status={error ? 'failed' : 'done'} />
          Attempt {number}: {answerText(attempt)}
        </span>
        <span className="text-muted">{humanDuration(durationMs)}</span>
        <time dateTime={startedAt} className="text-muted sm:ml-auto">
          {dateTime(startedAt)}
        </time>
      </p>
      {error && <ErrorLine error={error} />}
      {advice && (
        <p className="mt-1 text-pretty" data-testid="delivery-advice">
          <span className="font-medium">What to do:</span> {advice}
        </p>
      )}
      {answer ? <Response text={answer} number={number} /> : status !== null && <Nothing />}
    </li>
  )
}

const Nothing = () => <p className="mt-1 text-muted">The response had no body.</p>

/** Shows what an endpoint sent back, as text whatever it is: it comes from another host. */
const Response = ({ text, number }: { text: string; number: number }) => (
  <div className="mt-2 rounded-xl border border-line bg-paper">
    <p className="px-4 pt-2.5 text-xs text-muted">Response body, the first 4 kB</p>
    <pre
      data-testid="response-body"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
      tabIndex={0}
      className="max-h-60 overflow-auto px-4 py-2 font-mono text-xs leading-relaxed wrap-anywhere whitespace-pre-wrap"
    >
      {text}
    </pre>
    <div className="border-t border-line px-1">
      <CopyButton text={text} label="Copy response" detail={`of attempt ${number}`} />
    </div>
  </div>
)
