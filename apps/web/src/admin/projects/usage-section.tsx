import type { Project, Usage } from '@darkroom/contracts'
import { humanBytes, humanBytesOf } from '../../human-bytes.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { Section } from '../../ui/section.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'

/** Shows the usage of a project beside its limits. */
export function UsageSection({ project }: { project: Project }) {
  const query = useAdminQuery<Usage>({
    name: ['usage', project.id],
    read: darkroom => darkroom.admin.projects.usage(project.id),
    everyMs: () => REFRESH_MS,
  })
  return (
    <Section title="Usage" testId="usage">
      <ListState what="The usage" query={query} />
      {query.data && <Meters usage={query.data} maxConcurrency={project.maxConcurrency} />}
    </Section>
  )
}

function Meters({ usage, maxConcurrency }: { usage: Usage; maxConcurrency: number | null }) {
  const { bytes, objects, openUploads, jobs, quota } = usage
  return (
    <div className="grid gap-5 rounded-2xl border border-line bg-surface p-4 shadow-card sm:grid-cols-3 sm:p-5">
      <Meter
        label="Stored"
        used={bytes + openUploads.bytes}
        limit={quota.bytes}
        show={(used, limit) => (limit === null ? humanBytes(used) : humanBytesOf(used, limit))}
        note={`${objects} objects${openUploads.bytes > 0 ? `, including ${humanBytes(openUploads.bytes)} of open uploads` : ''}`}
      />
      <Meter
        label="Open uploads"
        used={openUploads.count}
        limit={quota.openUploads}
        show={count}
        note="not confirmed or aborted"
      />
      <Meter label="Jobs" used={jobs.running} limit={maxConcurrency} show={count} note={`${jobs.queued} wait`} />
    </div>
  )
}

const count = (used: number, limit: number | null): string => (limit === null ? `${used}` : `${used} of ${limit}`)

interface MeterProps {
  label: string
  used: number
  limit: number | null
  show: (used: number, limit: number | null) => string
  note: string
}

function Meter({ label, used, limit, show, note }: MeterProps) {
  const text = show(used, limit)
  return (
    <div data-testid="meter" className="min-w-0 text-sm">
      <p className="text-muted">{label}</p>
      <p className="mt-0.5 text-lg font-semibold">{text}</p>
      <div className="my-2">
        {limit === null ? (
          <div className="h-1 rounded-full bg-sunken" />
        ) : (
          <ProgressBar value={Math.min(100, Math.round((used / limit) * 100))} label={label} text={text} />
        )}
      </div>
      <p className="text-muted">
        {limit === null && 'No limit · '}
        {note}
      </p>
    </div>
  )
}
