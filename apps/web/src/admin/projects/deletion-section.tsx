import type { Project, ProjectDeletion } from '@darkroom/contracts'
import { useState } from 'react'
import { humanBytes } from '../../human-bytes.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { Section } from '../../ui/section.tsx'
import { dateTime } from '../format/human-time.ts'
import { useAction } from '../session/use-action.ts'
import { leftText } from './deletion-words.ts'

/** Shows the button that deletes a project, then the progress of the deletion, and at last the receipt. */
export function DeletionSection({ project }: { project: Project }) {
  const { deletion } = project
  if (!deletion) return <Offer project={project} />
  return (
    <Section
      title={deletion.finishedAt ? 'Receipt' : 'Deletion'}
      testId="deletion"
      actions={!deletion.startedAt && <RestoreButton project={project} />}
    >
      <div className="rounded-2xl border border-line bg-surface px-4 py-3 text-sm shadow-card sm:px-5">
        <p data-testid="deletion-state" className="font-medium text-pretty">
          {stateText(project, deletion)}
        </p>
        <dl className="mt-3 grid gap-x-6 sm:grid-cols-2">
          {facts(deletion).map(([label, text]) => (
            <div key={label} className="flex flex-wrap items-baseline gap-x-4 py-1.5">
              <dt className="w-36 shrink-0 text-muted">{label}</dt>
              <dd className="min-w-0 flex-1 font-medium wrap-anywhere">{text}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Section>
  )
}

function stateText({ deletesAt }: Project, { startedAt, finishedAt, assetsLeft }: ProjectDeletion): string {
  if (finishedAt) return 'Deleted, with all its data. Only this receipt is left.'
  if (startedAt) return `Being deleted; it can no longer be restored. ${leftText(assetsLeft)}`
  const until = deletesAt ? ` ${dateTime(deletesAt)}` : ''
  return `Closed: its keys and links no longer work. It can be restored until${until}, then it is deleted.`
}

function facts(deletion: ProjectDeletion): [label: string, text: string][] {
  const { requestedAt, requestedBy, startedAt, finishedAt, removed } = deletion
  const { assets, objects, bytes, keys, webhooks, presets } = removed
  const times: [string, string | null][] = [
    ['Requested', `${dateTime(requestedAt)}, with the key ${requestedBy}`],
    ['Begun', startedAt && dateTime(startedAt)],
    ['Finished', finishedAt && dateTime(finishedAt)],
    ['Assets', startedAt && `${assets}`],
    ['Files', startedAt && `${objects}, ${humanBytes(bytes)}`],
    ['Also', startedAt && `${keys} keys, ${webhooks} webhook endpoints, ${presets} preset versions`],
  ]
  return times.flatMap(([label, text]) => (text ? [[label, text]] : []))
}

function RestoreButton({ project }: { project: Project }) {
  const restore = useAction(
    darkroom => darkroom.admin.projects.restore(project.id),
    ({ name }) => `Restored the project “${name}”.`,
  )
  return (
    <ConfirmButton
      look="secondary"
      detail={`the project ${project.name}`}
      confirmLabel="Restore"
      testId="restore-project"
      disabled={restore.isPending}
      onConfirm={() => restore.run(undefined)}
    >
      Restore
    </ConfirmButton>
  )
}

function Offer({ project }: { project: Project }) {
  const [isAsking, setAsking] = useState(false)
  return (
    <Section
      title="Deletion"
      testId="deletion"
      actions={
        <>
          <DocsLink page="keys">About project deletion</DocsLink>
          <Button look="secondary" className="mx-3" data-testid="delete-project" onClick={() => setAsking(true)}>
            Delete the project
          </Button>
        </>
      }
    >
      <p className="text-sm text-muted text-pretty">
        Its keys and links stop working immediately. Its files, data and keys are deleted after a delay. Until then it
        can be restored.
      </p>
      {isAsking && <DeleteDialog project={project} onClose={() => setAsking(false)} />}
    </Section>
  )
}

function DeleteDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const remove = useAction(
    (darkroom, form: FormData) => {
      const hours = textOf(form, 'hours')
      const query = { confirm: textOf(form, 'name'), ...(hours && { delayHours: hours }) }
      return darkroom.admin.projects.delete(project.id, query)
    },
    ({ name }) => `Closed the project “${name}”.`,
    { failsInPlace: true, onDone: onClose, rereads: 'project' },
  )
  return (
    <FormDialog
      title={`Delete “${project.name}”`}
      testId="delete-form"
      submitLabel="Delete the project"
      action={remove}
      onSubmit={remove.run}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        Its keys, tokens and links stop working immediately. Published files stay until the delay is over.
      </p>
      <FormField label="Name of the project" hint={`Type ${project.name}.`} name="name" required data-autofocus />
      <FormField
        label="Delay in hours, to restore it"
        hint="Empty: the default of this installation. 0: no delay."
        name="hours"
        inputMode="numeric"
        pattern="\d{1,4}"
        maxLength={4}
      />
    </FormDialog>
  )
}
