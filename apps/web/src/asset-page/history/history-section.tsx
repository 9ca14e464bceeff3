import { Timeline } from '../../admin/explain/timeline.tsx'
import { useExplanation } from '../../admin/explain/use-explanation.ts'
import { MissingScope } from '../../admin/session/missing-scope.tsx'
import { isForbidden } from '../../admin/shared/query-problem.tsx'
import { useMay } from '../../session/use-may.ts'
import { Prose } from '../../ui/prose.tsx'
import { Section } from '../../ui/section.tsx'

/** Says in plain words how the asset stands and what comes next, and lists what happened to it. */
export const HistorySection = ({ assetId }: { assetId: string }) =>
  useMay('admin') ? <History assetId={assetId} /> : <NotForThisKey />

const NotForThisKey = () => (
  <Section title="History" testId="history">
    <MissingScope reason="Why an asset is in its state, and what happened to it, needs a key with the scope `admin`." />
  </Section>
)

function History({ assetId }: { assetId: string }) {
  const { data, error } = useExplanation(assetId)
  if (isForbidden(error)) return <NotForThisKey />
  if (!data) return null
  return (
    <>
      <Section title="How it stands" testId="history">
        <div className="rounded-2xl border border-line bg-surface p-4 shadow-card">
          <p className="font-medium text-pretty wrap-anywhere">
            <Prose text={data.blockedBy ?? 'No problem is known.'} />
          </p>
          <p className="mt-1 text-sm text-pretty wrap-anywhere">
            <span className="text-muted">Next:</span> <Prose text={data.nextAction} />
          </p>
        </div>
      </Section>
      <Timeline entries={data.timeline} />
    </>
  )
}
