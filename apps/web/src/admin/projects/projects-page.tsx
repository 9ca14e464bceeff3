import type { Project } from '@darkroom/contracts'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Section } from '../../ui/section.tsx'
import { useAction } from '../session/use-action.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'
import { ListState } from '../shared/list-state.tsx'
import { LIMITS, limitText } from './limits.ts'
import { ProjectTabs } from './project-tabs.tsx'

const PAGE_SIZE = 50
const REFRESH_MS = 15_000

/** Shows the page at `/projects`: all projects. There is always at least one. */
export default function ProjectsPage() {
  const { items, ...query } = useAdminPages<Project>({
    name: ['projects'],
    read: (darkroom, start) => darkroom.admin.projects.list({ ...start, limit: PAGE_SIZE }),
    everyMs: () => REFRESH_MS,
    keyOf: project => project.id,
  })
  const [isCreating, setCreating] = useState(false)
  return (
    <>
      <ProjectTabs current="projects" />
      <PageTitle
        actions={
          items.length > 0 && (
            <Button look="primary" data-testid="create-project" onClick={() => setCreating(true)}>
              Create a project
            </Button>
          )
        }
      >
        Projects
      </PageTitle>
      <Section title="Tenants" testId="projects" actions={<DocsLink page="keys">About projects</DocsLink>}>
        <ListState what="The projects" query={query} />
        {items.length > 0 && (
          <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
            {items.map(project => (
              <ProjectRow key={project.id} project={project} />
            ))}
          </ul>
        )}
        <LoadMore list={query} testId="more-projects" />
      </Section>
      {isCreating && <CreateProjectDialog onClose={() => setCreating(false)} />}
    </>
  )
}

function ProjectRow({ project }: { project: Project }) {
  const set = LIMITS.map(limit => ({ limit, text: limitText(project, limit) })).filter(({ text }) => text !== '')
  return (
    <li data-testid="project" data-project-id={project.id} className="px-4 py-3 sm:px-5">
      <Link
        to="/projects/$projectId"
        params={{ projectId: project.id }}
        className="inline-block max-w-full rounded py-1 font-semibold wrap-anywhere hover:underline"
      >
        {project.name}
      </Link>
      <p className="text-sm text-muted wrap-anywhere">
        {project.status === 'deleting' && 'Being deleted · '}
        {project.isPrivate && 'Private · '}
        {set.length === 0
          ? 'No own limits'
          : set.map(({ limit, text }) => `${limit.label.toLowerCase()}: ${text}`).join(' · ')}
      </p>
    </li>
  )
}

function CreateProjectDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const create = useAction(
    (darkroom, name: string) => darkroom.admin.projects.create({ name }),
    ({ name }) => `Created the project “${name}”. Create its first API key next.`,
    {
      failsInPlace: true,
      onDone: ({ id }) => void navigate({ to: '/projects/$projectId', params: { projectId: id } }),
    },
  )
  return (
    <FormDialog
      title="Create a project"
      testId="project-form"
      submitLabel="Create"
      action={create}
      onSubmit={form => create.run(textOf(form, 'name'))}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        Its data can only be accessed with its own keys. Set limits on the next page; without them it has those of the
        installation.
      </p>
      <FormField
        label="Name"
        hint="Letters, digits, dots, dashes."
        name="name"
        required
        data-autofocus
        maxLength={100}
        placeholder="shop"
      />
    </FormDialog>
  )
}
