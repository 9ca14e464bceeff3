import type { Preset } from '@darkroom/contracts'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { May } from '../../session/may.tsx'
import { Button } from '../../ui/button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Section } from '../../ui/section.tsx'
import { useAdminPages } from '../session/use-admin-pages.ts'
import { ListState } from '../shared/list-state.tsx'
import { BackfillSection } from './backfill-section.tsx'
import { kindsText } from './preset-words.ts'

const PAGE_SIZE = 50
const REFRESH_MS = 15_000

/** Shows the page at `/presets`: the presets and the backfills. */
export default function PresetsPage() {
  const { items, ...query } = useAdminPages<Preset>({
    name: ['presets'],
    read: (darkroom, start) => darkroom.presets.list({ ...start, limit: PAGE_SIZE }),
    everyMs: () => REFRESH_MS,
    keyOf: preset => preset.name,
  })
  return (
    <>
      <PageTitle>Presets</PageTitle>
      <Section
        title="Which variants to make"
        testId="presets"
        actions={
          <May need="write">
            <NewPreset />
          </May>
        }
      >
        <ListState what="The presets" query={query} />
        {items.length > 0 && (
          <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
            {items.map(preset => (
              <PresetRow key={preset.name} preset={preset} />
            ))}
          </ul>
        )}
        <LoadMore list={query} testId="more-presets" />
      </Section>
      <BackfillSection
        empty={
          <Empty
            testId="no-backfills"
            title="No backfills yet"
            text="Open a preset and plan it: a plan previews changes and cost, and changes nothing."
          >
            <DocsLink page="presets">How to change presets</DocsLink>
          </Empty>
        }
      />
    </>
  )
}

/** Leads to the editor of a preset that is not there yet. */
function NewPreset() {
  const [isOpen, setOpen] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <Button look="secondary" className="mx-3" data-testid="new-preset" onClick={() => setOpen(true)}>
        New preset
      </Button>
      {isOpen && (
        <FormDialog
          title="New preset"
          testId="preset-name"
          submitLabel="Edit"
          action={{ isPending: false, error: null }}
          onClose={() => setOpen(false)}
          onSubmit={form => void navigate({ to: '/presets/$name/edit', params: { name: textOf(form, 'name') } })}
        >
          <FormField
            label="Name"
            hint="lower-case letters, digits and hyphens"
            name="name"
            required
            pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
            maxLength={63}
            data-autofocus
          />
        </FormDialog>
      )}
    </>
  )
}

const PresetRow = ({ preset }: { preset: Preset }) => (
  <li data-testid="preset" data-name={preset.name} className="relative px-4 py-2.5 hover:bg-sunken/60 sm:px-5">
    <Link
      to="/presets/$name"
      params={{ name: preset.name }}
      className="rounded font-semibold wrap-anywhere after:absolute after:inset-0"
    >
      {preset.name}
    </Link>
    <p className="text-sm text-muted">
      Version {preset.version}, {preset.isBuiltIn ? 'built in' : 'your own'} · variants: {kindsText(preset)}
    </p>
  </li>
)
