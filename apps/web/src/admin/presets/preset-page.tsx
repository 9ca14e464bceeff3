import type { Preset, PresetVersions } from '@darkroom/contracts'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { May } from '../../session/may.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Json } from '../../ui/json.tsx'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Section } from '../../ui/section.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'
import { isNotFound } from '../shared/query-problem.tsx'
import { BackfillSection } from './backfill-section.tsx'
import { VersionDifference } from './editor/version-difference.tsx'
import { PlanSection } from './plan-section.tsx'

const BACK = { link: { to: '/presets' }, label: 'All presets' } as const
const REFRESH_MS = 15_000

/** Shows the page at `/presets/<name>`. */
export default function PresetPage() {
  const { name } = useParams({ from: '/presets/$name' })
  return <PresetVersionsPage key={name} name={name} />
}

/** Shows the versions of a preset, their definitions, and the way to apply one. */
function PresetVersionsPage({ name }: { name: string }) {
  const { version: wanted } = useSearch({ from: '/presets/$name' })
  const query = useAdminQuery<PresetVersions>({
    name: ['preset', name],
    read: darkroom => darkroom.presets.get(name),
    everyMs: () => REFRESH_MS,
  })
  const versions = query.data?.versions ?? []
  const shown = versions.find(({ version }) => version === wanted) ?? versions[0]
  const before = shown && versions[versions.indexOf(shown) + 1]
  return (
    <>
      <PageTitle
        back={BACK}
        actions={
          shown && (
            <May need="write">
              <Link
                to="/presets/$name/edit"
                params={{ name }}
                data-testid="edit-preset"
                className={buttonClass('primary')}
              >
                Edit
              </Link>
            </May>
          )
        }
      >
        {name}
      </PageTitle>
      {isNotFound(query.error) ? (
        <Empty testId="unknown-preset" title="Preset not found" text="It may belong to another project." />
      ) : (
        <ListState what="The preset" query={query} />
      )}
      {shown && (
        <>
          <VersionTabs versions={versions} shown={shown} />
          <PlanSection key={shown.version} name={name} version={shown.version} />
          {before && <VersionDifference before={before} after={shown} />}
          <BackfillSection presetName={name} />
          <Section
            title="Definition"
            note={`version ${shown.version}, ${shown.isBuiltIn ? 'built in' : 'your own'}`}
            testId="definition-section"
          >
            <Json value={shown.definition} name="the definition" testId="definition" />
          </Section>
        </>
      )}
    </>
  )
}

function VersionTabs({ versions, shown }: { versions: Preset[]; shown: Preset }) {
  if (versions.length < 2) return null
  const tabs = versions.map(({ name, version }, index) => ({
    link: { to: '/presets/$name', params: { name }, search: index === 0 ? {} : { version } } as const,
    label: index === 0 ? `Version ${version}, newest` : `Version ${version}`,
    testId: `version-${version}`,
    isCurrent: version === shown.version,
  }))
  return <LinkTabs label="Version" tabs={tabs} />
}
