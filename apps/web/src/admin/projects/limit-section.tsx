import type { Project } from '@darkroom/contracts'
import { useState } from 'react'
import { definedOf } from '../../api/defined.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { Section } from '../../ui/section.tsx'
import { useAction } from '../session/use-action.ts'
import { LIMITS, limitText, patchOf } from './limits.ts'

/** Shows the limits of a project, with the button to change them. */
export function LimitSection({ project }: { project: Project }) {
  const [isChanging, setChanging] = useState(false)
  return (
    <Section
      title="Limits"
      testId="limits"
      actions={
        <Button look="secondary" className="mx-3" data-testid="change-limits" onClick={() => setChanging(true)}>
          Change
        </Button>
      }
    >
      <dl className="grid gap-x-6 rounded-2xl border border-line bg-surface px-4 py-2 text-sm shadow-card sm:grid-cols-2 sm:px-5">
        {LIMITS.map(limit => {
          const text = limitText(project, limit)
          return (
            <div key={limit.name} className="flex flex-wrap items-baseline gap-x-4 py-1.5" data-limit={limit.name}>
              <dt className="w-36 shrink-0 text-muted">{limit.label}</dt>
              <dd className={`min-w-0 flex-1 wrap-anywhere ${text ? 'font-medium' : 'text-muted'}`}>
                {text || limit.without}
              </dd>
            </div>
          )
        })}
      </dl>
      {isChanging && <LimitDialog project={project} onClose={() => setChanging(false)} />}
    </Section>
  )
}

function LimitDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const change = useAction(
    async (darkroom, form: FormData) =>
      darkroom.admin.projects.update(project.id, definedOf(patchOf(project, name => textOf(form, name)))),
    ({ name }) => `Changed the limits of “${name}”. They take effect with the next request.`,
    { failsInPlace: true, onDone: onClose },
  )
  return (
    <FormDialog
      title={`Limits of “${project.name}”`}
      testId="limit-form"
      submitLabel="Change"
      action={change}
      onSubmit={change.run}
      onClose={onClose}
    >
      <p className="text-sm text-muted">Empty fields have no limit for the project.</p>
      {LIMITS.map((limit, index) => (
        <FormField
          key={limit.name}
          label={limit.label}
          hint={`Empty: ${limit.without}.`}
          name={limit.name}
          placeholder={limit.placeholder}
          defaultValue={limitText(project, limit)}
          data-autofocus={index === 0 || undefined}
        />
      ))}
    </FormDialog>
  )
}
