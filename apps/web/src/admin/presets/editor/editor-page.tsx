import type { Preset, PresetVersions } from '@darkroom/contracts'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { useAction } from '../../session/use-action.ts'
import { useAdminQuery } from '../../session/use-admin-query.ts'
import { isNotFound, QueryProblem } from '../../shared/query-problem.tsx'
import { number } from '../preset-words.ts'
import { type Draft, type Editing, editingOf, type Place, placesOf, withText, written } from './draft.ts'
import { JsonField } from './json-field.tsx'
import { PreviewPane } from './preview-pane.tsx'
import { useChecked } from './use-checked.ts'
import { VariantForm } from './variant-form.tsx'
import { VariantList } from './variant-list.tsx'

/** What a preset that is not there yet begins with. */
const BEGINNING: Draft = {
  image: { variants: [{ type: 'picture', name: 'thumb', width: 256, height: 256, fit: 'cover', format: 'webp' }] },
}

/** Shows the page at `/presets/<name>/edit`: a new version, or a new preset. */
export default function EditorPage() {
  const { name } = useParams({ from: '/presets/$name/edit' })
  const query = useAdminQuery<PresetVersions>({
    name: ['preset', name],
    read: darkroom => darkroom.presets.get(name),
    everyMs: () => false,
  })
  if (query.data) return <Editor key={name} name={name} from={query.data.versions[0] ?? null} />
  if (isNotFound(query.error)) return <Editor key={name} name={name} from={null} />
  if (query.error) return <QueryProblem error={query.error} what="The preset" onRetry={() => query.refetch()} />
  return <Loading what="the preset" rows={6} />
}

function Editor({ name, from }: { name: string; from: Preset | null }) {
  const [editing, setEditing] = useState<Editing>(() => editingOf(from ? { ...from.definition } : BEGINNING))
  const [place, setPlace] = useState<Place | null>(() => placesOf(editing.draft)[0] ?? null)
  const [view, setView] = useState<'form' | 'json'>('form')
  const { plan, faults, isCurrent } = useChecked(name, editing.draft)
  const setDraft = (draft: Draft) => setEditing(editingOf(draft))
  const isChanged = !from || written(from.definition) !== written(editing.draft)
  const isWrong = editing.fault !== null || faults.byPath.size > 0
  return (
    <>
      <PageTitle
        back={{
          link: from ? { to: '/presets/$name', params: { name } } : { to: '/presets' },
          label: from ? name : 'All presets',
        }}
        actions={<Save name={name} draft={editing.draft} isDisabled={!isChanged || isWrong || !isCurrent} />}
      >
        {from ? `Edit ${name}` : `New preset ${name}`}
      </PageTitle>
      <p role="status" data-testid="check-state" data-faults={faults.byPath.size} className="mb-4 min-h-6 text-sm">
        {stateText({ editing, faults: faults.byPath.size, other: faults.other, isChanged, isCurrent })}
        {plan && !isWrong && isChanged && (
          <span className="text-muted">
            {' '}
            Applying it would process {number(plan.assets.touched)} of {number(plan.assets.matched)} assets:{' '}
            {number(plan.variants.added)} variants added, {number(plan.variants.remade)} made again,{' '}
            {number(plan.variants.dropped)} removed.
          </span>
        )}
      </p>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <Tabs
          label="How to edit"
          value={view}
          onChange={setView}
          tabs={[
            {
              value: 'form',
              label: 'Form',
              testId: 'view-form',
              panel: (
                <div className="grid gap-4 md:grid-cols-[13rem_minmax(0,1fr)]">
                  <VariantList
                    draft={editing.draft}
                    place={place}
                    faults={faults.byPath}
                    onChoose={setPlace}
                    onChange={setDraft}
                  />
                  {place && (
                    <VariantForm
                      key={`${place.kind}.${place.index}`}
                      draft={editing.draft}
                      place={place}
                      faults={faults.byPath}
                      onChange={setDraft}
                    />
                  )}
                </div>
              ),
            },
            {
              value: 'json',
              label: 'JSON',
              testId: 'view-json',
              panel: (
                <JsonField
                  editing={editing}
                  faults={faults.byPath}
                  onChange={text => setEditing(current => withText(current, text))}
                />
              ),
            },
          ]}
        />
        <PreviewPane draft={editing.draft} place={place} isWrong={isWrong} />
      </div>
    </>
  )
}

interface CheckState {
  editing: Editing
  faults: number
  other: string | null
  isChanged: boolean
  isCurrent: boolean
}

function stateText({ editing, faults, other, isChanged, isCurrent }: CheckState): string {
  if (editing.fault) return `The JSON cannot be read: ${editing.fault}`
  if (faults > 0) return faults === 1 ? 'One field is wrong.' : `${faults} fields are wrong.`
  if (other) return other
  if (!isChanged) return 'Nothing is changed yet.'
  return isCurrent ? 'Valid.' : 'Checking …'
}

/** Stores a version; the page of the preset then has its plan and the way to apply it. */
function Save({ name, draft, isDisabled }: { name: string; draft: Draft; isDisabled: boolean }) {
  const navigate = useNavigate()
  const save = useAction(
    (darkroom, definition: Draft) => darkroom.presets.create({ name, definition }),
    ({ version }) => `Stored ${name}@${version}. Plan it to see what applying it would change.`,
    { onDone: () => void navigate({ to: '/presets/$name', params: { name } }) },
  )
  return (
    <div className="flex flex-wrap gap-2">
      <Link to="/presets" className={buttonClass('quiet')}>
        Discard
      </Link>
      <Button
        look="primary"
        data-testid="save-preset"
        disabled={isDisabled || save.isPending}
        onClick={() => save.run(draft)}
      >
        Store as a new version
      </Button>
    </div>
  )
}
