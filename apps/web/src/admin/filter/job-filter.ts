import type { AdminJobQuery, JobName, JobStatus, RequeueJobs } from '@darkroom/contracts'
import { textIn } from '../../routes/plain-search.ts'
import { JOB_NAME_WORDS, STATUS_WORDS } from '../format/job-words.ts'
import { TIME_CHOICES, type TimeChoice, timeRange } from './time-range.ts'

/** Which jobs to show. Empty strings filter nothing. */
export interface JobFilter {
  status: JobStatus | 'all'
  code: string
  name: JobName | ''
  projectId: string
  time: TimeChoice
  /** Ends of the range when `time` is `between`, UTC ISO 8601. */
  after: string
  before: string
}

/** What an admin comes for. */
export const DEFAULT_FILTER: JobFilter = {
  status: 'failed',
  code: '',
  name: '',
  projectId: '',
  time: 'any',
  after: '',
  before: '',
}

/** A filter as the query string of the page holds it: without members at their defaults. */
export type JobSearch = Partial<JobFilter>

/** Reads a filter from the page's query string; what makes no sense there is left at its default. */
export function filterOf(search: Record<string, unknown>): JobFilter {
  const given = (name: string) => textIn(search, name) ?? ''
  const [status, name, time] = [given('status'), given('name'), given('time')]
  return {
    status: isKey(STATUS_WORDS, status) || status === 'all' ? status : DEFAULT_FILTER.status,
    code: given('code'),
    name: isKey(JOB_NAME_WORDS, name) ? name : '',
    projectId: isUuid(given('projectId')) ? given('projectId') : '',
    time: isKey(TIME_CHOICES, time) ? time : DEFAULT_FILTER.time,
    after: isTime(given('after')) ? given('after') : '',
    before: isTime(given('before')) ? given('before') : '',
  }
}

/** Returns the filter as the query string of the page, without members at their defaults. */
export const searchOf = (filter: JobFilter): JobSearch =>
  Object.fromEntries(
    Object.entries(filter).filter(([name, value]) => value !== DEFAULT_FILTER[name as keyof JobFilter]),
  )

/** Returns the filter as the query of the API, with relative times counted from `now`. */
export function queryOf(filter: JobFilter, now: number): Partial<AdminJobQuery> {
  const { status, code, name, projectId } = filter
  return {
    ...(status !== 'all' && { status }),
    ...(code && { code }),
    ...(name && { name }),
    ...(projectId && { projectId }),
    ...timeRange(filter, now),
  }
}

/** Returns the filter of a bulk requeue for the same jobs; null when the filter shows jobs that cannot be requeued. */
export function requeueFilterOf(filter: JobFilter, now: number): RequeueJobs['filter'] | null {
  const { status, ...others } = queryOf(filter, now)
  return status === 'failed' || status === 'cancelled' ? { ...others, status } : null
}

/** Tells whether anything but the status narrows the list. */
export const isNarrowed = (filter: JobFilter): boolean =>
  Object.keys(searchOf({ ...filter, status: DEFAULT_FILTER.status })).length > 0

const isKey = <K extends string>(table: Record<K, unknown>, key: string): key is K => Object.hasOwn(table, key)

const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text))

/** Tells whether a text has the form of a UUID. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
