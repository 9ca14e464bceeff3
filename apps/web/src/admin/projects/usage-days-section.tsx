import type { UsageDays } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { Section } from '../../ui/section.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'

const DAYS = 14
const REFRESH_MS = 60_000

const numberOf = (count: number | null): string => (count ? count.toLocaleString('en') : '–')

/** Shows what a project stored at the end of each day, and what was added on it. */
export function UsageDaysSection({ projectId }: { projectId: string }) {
  const query = useAdminQuery<UsageDays>({
    name: ['usage-days', projectId],
    read: darkroom => darkroom.admin.projects.usageDays(projectId, { days: DAYS }),
    everyMs: () => REFRESH_MS,
  })
  return (
    <Section title="By day" note="UTC" testId="usage-days">
      <ListState what="The usage by day" query={query} />
      {query.data && (
        <div className="overflow-x-auto rounded-2xl border border-line bg-surface shadow-card">
          <table className="w-full text-sm">
            <thead className="text-left text-xs text-muted">
              <tr>
                {['Day', 'Stored', 'Objects', 'Uploads', 'Uploaded'].map((name, index) => (
                  <th key={name} scope="col" className={`px-4 py-2.5 font-normal ${index > 0 ? 'text-right' : ''}`}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {query.data.days.toReversed().map(({ day, bytes, objects, uploads, uploadedBytes }) => (
                <tr key={day} data-testid="usage-day" data-day={day} className="border-t border-line">
                  <th scope="row" className="px-4 py-2 text-left font-medium whitespace-nowrap">
                    {day}
                  </th>
                  {[
                    bytes === null ? '–' : humanBytes(bytes),
                    numberOf(objects),
                    numberOf(uploads),
                    uploads === 0 ? '–' : humanBytes(uploadedBytes),
                  ].map((text, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns have an order and no other name.
                    <td key={index} className="px-4 py-2 text-right whitespace-nowrap text-muted">
                      {text}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  )
}
