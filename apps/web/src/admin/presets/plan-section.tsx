import type { PresetPlan } from '@darkroom/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { closed } from '../../api/closed.ts'
import { May } from '../../session/may.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/section.tsx'
import { useAdmin } from '../session/use-admin.ts'
import { ListState } from '../shared/list-state.tsx'
import { ApplyDialog } from './apply-dialog.tsx'
import { planFigures } from './preset-words.ts'

interface PlanSectionProps {
  name: string
  version: number
}

/** Shows what applying a version to existing files would change and cost, with the button to do it. */
export function PlanSection({ name, version }: PlanSectionProps) {
  const { clients, apiKey } = useAdmin()
  const [isWanted, setWanted] = useState(false)
  const [isApplying, setApplying] = useState(false)
  // Not under the key of the lists: it is asked when somebody wants to know, and stands until they ask again.
  const plan = useQuery({
    queryKey: ['plan', apiKey, name, version],
    queryFn: () => closed<PresetPlan>(clients.quick.presets.plan(name, { version })),
    enabled: isWanted && apiKey !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const ask = () => (isWanted ? void plan.refetch() : setWanted(true))
  return (
    <Section
      title="Plan"
      note={`to ${name}@${version}`}
      testId="plan"
      actions={
        <Button look="secondary" className="mx-3" data-testid="make-plan" disabled={plan.isFetching} onClick={ask}>
          {plan.data ? 'Plan again' : 'Plan'}
        </Button>
      }
    >
      {!isWanted && (
        <p className="text-sm text-muted text-pretty">
          Previews what would change for files with this preset, and what it would cost. It reads no files and changes
          nothing.
        </p>
      )}
      {isWanted && <ListState what="The plan" query={plan} />}
      {plan.data && (
        <div
          data-testid="plan-result"
          className={`rounded-2xl border border-line bg-surface p-4 shadow-card transition-opacity sm:p-5 ${plan.isFetching ? 'opacity-60' : ''}`}
        >
          <dl className="grid grid-cols-2 gap-x-6 gap-y-4 text-sm sm:grid-cols-3 lg:grid-cols-4" aria-live="polite">
            {planFigures(plan.data).map(({ term, value, note }) => (
              <div key={term} className="min-w-0" data-figure={term}>
                <dt className="text-muted">{term}</dt>
                <dd className="mt-0.5 text-lg font-semibold wrap-anywhere">{value}</dd>
                {note && <dd className="text-xs text-muted">{note}</dd>}
              </div>
            ))}
          </dl>
          {plan.data.sampled && (
            <p className="mt-4 text-sm text-muted">
              Scaled up from {plan.data.examined} assets, because there are so many.
            </p>
          )}
          <div className="mt-5 flex flex-wrap items-center gap-3">
            <May need="admin">
              <Button look="primary" data-testid="apply" onClick={() => setApplying(true)}>
                Apply …
              </Button>
            </May>
            {plan.data.assets.touched === 0 && <span className="text-sm text-muted">Nothing would change.</span>}
          </div>
        </div>
      )}
      {isApplying && plan.data && (
        <ApplyDialog
          name={name}
          version={version}
          touched={plan.data.assets.touched}
          onClose={() => setApplying(false)}
        />
      )}
    </Section>
  )
}
