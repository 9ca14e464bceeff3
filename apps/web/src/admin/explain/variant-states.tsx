import type { AttemptError, Explanation } from '@darkroom/contracts'
import { isSameError } from '../../assets/same-error.ts'
import { Section } from '../../ui/section.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { ErrorLine } from '../shared/error-line.tsx'

/** Lists the state of each variant with its own error. The error that ended an attempt is shown at the attempt. */
export function VariantStates({ variants, attempts }: Pick<Explanation, 'variants' | 'attempts'>) {
  if (variants.length === 0) return null
  const ready = variants.filter(({ status }) => status === 'ready').length
  const isOwn = (error: AttemptError) => !attempts.some(attempt => isSameError(error, attempt.error))
  return (
    <Section title="Variants" note={`${ready} of ${variants.length} ready`} testId="variants">
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
        {variants.map(({ name, required, status, error }) => (
          <li
            key={name}
            data-testid="variant-state"
            data-name={name}
            data-status={status}
            className="px-5 py-3 text-sm"
          >
            <p className="flex flex-wrap items-center gap-x-3">
              <span className="font-medium">{name}</span>
              <span className="inline-flex items-center gap-2 text-muted">
                <StatusDot status={status} />
                {status}
                {required ? '' : ', optional'}
              </span>
            </p>
            {error && isOwn(error) && <ErrorLine error={error} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}
