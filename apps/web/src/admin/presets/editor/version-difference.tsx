import type { Preset } from '@darkroom/contracts'
import { Section } from '../../../ui/section.tsx'
import { diffDefinitions } from './diff-definitions.ts'

const shown = (value: unknown): string => (value === undefined ? 'not there' : JSON.stringify(value))

/** Shows what a version changed against the one before it. */
export function VersionDifference({ before, after }: { before: Preset; after: Preset }) {
  const differences = diffDefinitions(before.definition, after.definition)
  return (
    <Section title="Changes" note={`from version ${before.version} to ${after.version}`} testId="version-changes">
      {differences.length === 0 && <p className="text-sm text-muted">Both versions are the same.</p>}
      {differences.length > 0 && (
        <dl className="divide-y divide-line rounded-2xl border border-line bg-surface text-sm shadow-card">
          {differences.map(({ path, before: old, after: now }) => (
            <div
              key={path}
              data-testid="difference"
              data-path={path}
              className="grid gap-x-6 px-4 py-2.5 sm:grid-cols-[14rem_1fr] sm:px-5"
            >
              <dt className="font-mono text-xs leading-6 wrap-anywhere">{path}</dt>
              <dd className="min-w-0 font-mono text-xs leading-6 wrap-anywhere">
                <del className="text-bad">
                  <span className="sr-only">before </span>
                  {shown(old)}
                </del>{' '}
                <span aria-hidden="true">→</span>{' '}
                <ins className="text-good no-underline">
                  <span className="sr-only">now </span>
                  {shown(now)}
                </ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}
