import type { Preset, PresetVersions } from '@darkroom/contracts'
import { Empty } from '../../ui/empty.tsx'
import { Json } from '../../ui/json.tsx'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Section } from '../../ui/section.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'
import { isNotFound } from '../shared/query-problem.tsx'
import { BackfillSection } from './backfill-section.tsx'
import { PlanSection } from './plan-section.tsx'

interface PresetPageProps {
  name: string
  searchParams: URLSearchParams
}

const BACK = { href: '/admin/presets', label: 'All presets' }
const REFRESH_MS = 15_000

/** Shows the page at `/admin/presets/<name>`: its versions, their definitions, and the way to apply one. */
export function PresetPage({ name, searchParams }: PresetPageProps) {
  const query = useAdminQuery<PresetVersions>({
    name: ['preset', name],
    read: darkroom => darkroom.presets.get(name),
    everyMs: () => REFRESH_MS,
  })
  const versions = query.data?.versions ?? []
  const wanted = Number(searchParams.get('version'))
  const shown = versions.find(({ version }) => version === wanted) ?? versions[0]
  return (
    <>
      <PageTitle back={BACK}>{name}</PageTitle>
      {isNotFound(query.error) ? (
        <Empty testId="unknown-preset" title="Preset not found" text="It may belong to another project." />
      ) : (
        <ListState what="The preset" query={query} />
      )}
      {shown && (
        <>
          <VersionTabs versions={versions} shown={shown} />
          <PlanSection key={shown.version} name={name} version={shown.version} />
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
    href: `/admin/presets/${name}${index === 0 ? '' : `?version=${version}`}`,
    label: index === 0 ? `Version ${version}, newest` : `Version ${version}`,
    testId: `version-${version}`,
    isCurrent: version === shown.version,
  }))
  return <LinkTabs label="Version" tabs={tabs} />
}
