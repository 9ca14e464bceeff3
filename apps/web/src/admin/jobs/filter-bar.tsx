import { isUuid, type JobFilter } from '../filter/job-filter.ts'
import { TIME_CHOICES, type TimeChoice } from '../filter/time-range.ts'
import { JOB_NAME_WORDS } from '../format/job-words.ts'
import { useIsOperator } from '../overview/use-overview.ts'
import { SelectFilter } from './select-filter.tsx'
import { TextFilter } from './text-filter.tsx'
import { TimeFields } from './time-fields.tsx'

interface FilterBarProps {
  filter: JobFilter
  /** Error codes to offer. */
  codes: string[]
  onChange: (filter: JobFilter) => void
}

const NAMES: Record<JobFilter['name'], string> = { '': 'Any job', ...JOB_NAME_WORDS }
const TIMES = Object.fromEntries(Object.entries(TIME_CHOICES).map(([time, { label }]) => [time, label])) as Record<
  TimeChoice,
  string
>

/** Shows the filters besides the status. The project filter is for operators only. */
export function FilterBar({ filter, codes, onChange }: FilterBarProps) {
  const isOperator = useIsOperator()
  return (
    <search
      aria-label="Filter jobs"
      className={`mb-4 grid grid-cols-2 gap-3 ${isOperator ? 'md:grid-cols-4' : 'md:grid-cols-3'}`}
    >
      <TextFilter
        label="Error code"
        testId="filter-code"
        value={filter.code}
        suggestions={codes}
        placeholder="Any"
        parse={text => text.trim().toUpperCase().replaceAll(' ', '_')}
        onChange={code => onChange({ ...filter, code })}
      />
      <SelectFilter
        label="Work"
        testId="filter-name"
        value={filter.name}
        choices={NAMES}
        onChange={name => onChange({ ...filter, name })}
      />
      {isOperator && (
        <TextFilter
          label="Project id"
          testId="filter-project"
          value={filter.projectId}
          placeholder="Any"
          parse={text => (text.trim() === '' || isUuid(text.trim()) ? text.trim().toLowerCase() : null)}
          onChange={projectId => onChange({ ...filter, projectId })}
        />
      )}
      <SelectFilter
        label="Created"
        testId="filter-time"
        value={filter.time}
        choices={TIMES}
        onChange={time => onChange({ ...filter, time })}
      />
      {filter.time === 'between' && <TimeFields filter={filter} onChange={onChange} />}
    </search>
  )
}
