import type { Project } from '@darkroom/contracts'
import { useParams } from '@tanstack/react-router'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { KeySection } from '../keys/key-section.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'
import { isNotFound } from '../shared/query-problem.tsx'
import { DeletionSection } from './deletion-section.tsx'
import { LimitSection } from './limit-section.tsx'
import { UsageDaysSection } from './usage-days-section.tsx'
import { UsageSection } from './usage-section.tsx'

const BACK = { link: { to: '/projects' }, label: 'All projects' } as const
const REFRESH_MS = 15_000

/** Shows the page at `/projects/<id>`. */
export default function ProjectPage() {
  const { projectId } = useParams({ from: '/projects/$projectId' })
  return <Tenant key={projectId} id={projectId} />
}

/** Shows usage, limits, keys and deletion of a project. */
function Tenant({ id }: { id: string }) {
  const query = useAdminQuery<Project>({
    name: ['project', id],
    read: darkroom => darkroom.admin.projects.get(id),
    everyMs: () => REFRESH_MS,
  })
  const project = query.data
  if (isNotFound(query.error)) {
    return (
      <>
        <PageTitle back={BACK}>Project</PageTitle>
        <Empty testId="unknown-project" title="Project not found" text="See the list of projects." />
      </>
    )
  }
  return (
    <>
      <PageTitle back={BACK} actions={project && <CopyButton text={id} label="Copy id" detail="of the project" />}>
        {project?.name ?? 'Project'}
      </PageTitle>
      <ListState what="The project" query={query} />
      {project && (
        <>
          {project.status === 'active' && (
            <>
              <UsageSection project={project} />
              <UsageDaysSection projectId={project.id} />
              <LimitSection project={project} />
              <KeySection owner={id} title="Keys" />
            </>
          )}
          <DeletionSection project={project} />
        </>
      )}
    </>
  )
}
