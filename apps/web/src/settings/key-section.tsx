import { denialOf, type Need, SCOPE_WORDS } from '../session/key-access.ts'
import { useKeyAccess } from '../session/use-key-access.ts'
import { CheckIcon, CloseIcon } from '../ui/icons.tsx'
import { Section } from '../ui/section.tsx'

/** Shows what the key of this tab may do, and what it may not. */
export function KeySection() {
  const { access } = useKeyAccess()
  if (!access) return null
  const place = access.project ? `project “${access.project.name}”` : 'all projects'
  return (
    <Section title="This key" note={access.shortId ? `${access.shortId}, ${place}` : place} testId="this-key">
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
        {(Object.keys(SCOPE_WORDS) as Need[]).map(need => {
          const denial = denialOf(access, need)
          return (
            <li
              key={need}
              data-testid="scope"
              data-name={need}
              data-granted={denial === null}
              className="flex gap-3 px-4 py-3"
            >
              <span className={denial === null ? 'text-good' : 'text-muted'}>
                {denial === null ? <CheckIcon /> : <CloseIcon />}
              </span>
              <div>
                <p className="font-medium">
                  {need}
                  <span className="sr-only">{denial === null ? ': yes' : ': no'}</span>
                </p>
                <p className="text-sm text-muted">{SCOPE_WORDS[need]}</p>
                {denial && <p className="text-sm">{denial}</p>}
              </div>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
