import { errorEntry, type Incident, type QueuesOverview } from '@darkroom/contracts'
import type { FailureCount, Troubles } from '@darkroom/db/operations'

/** What the rules decide by. */
export interface IncidentFacts {
  now: Date
  overview: QueuesOverview
  /** Of the last hour. */
  failures: FailureCount[]
  troubles: Troubles
  /** Checks of the installation that found a fault. */
  faults: { id: string; title: string; seen: string; fix: string | null; cause: string | null }[]
  checkedAt: Date | null
}

type Rule = (facts: IncidentFacts) => Incident[]

const EVERYBODY: Incident['affected'] = { assets: null, projects: null, projectIds: [] }
const iso = (ms: number) => new Date(ms).toISOString()
const waitingOf = ({ troubles: { waiting } }: IncidentFacts): Incident['affected'] => ({ ...waiting })
const count = (number: number, one: string) => `${number} ${one}${number === 1 ? '' : 's'}`
const waits = (jobs: number) => (jobs === 1 ? '1 job waits' : `${jobs} jobs wait`)

/** Work waits and nobody is there to do it. */
const noWorkers: Rule = facts => {
  const { queues, workers } = facts.overview
  const waiting = queues.filter(({ queued, workers: serving, pausedAt }) => queued > 0 && serving === 0 && !pausedAt)
  if (waiting.length === 0) return []
  const since = waiting.flatMap(({ oldestQueuedAt }) => oldestQueuedAt ?? []).toSorted()[0] ?? null
  const names = waiting.map(({ queue }) => queue).join(', ')
  return [
    {
      id: `workers:${names}`,
      kind: 'workers',
      severity: 'fault',
      code: null,
      title: workers.length === 0 ? 'No worker is running' : `No worker serves ${names}`,
      detail: `${waits(waiting.reduce((sum, { queued }) => sum + queued, 0))} in ${names}, and nothing is processed. Uploads are still accepted.`,
      since,
      affected: waitingOf(facts),
      nextStep:
        workers.length === 0
          ? 'Start a worker (`npx darkroom start`, or the worker containers), and look at its log if it ends again.'
          : 'Start a worker for these queues (`WORKER_QUEUES`). Video and audio need ffmpeg on its machine.',
      about: null,
    },
  ]
}

/** An alarm says itself what is wrong. */
const alarms: Rule = ({ overview }) =>
  overview.alarms.map(({ id, code, subject, message, action, raisedAt }) => ({
    id: `alarm:${id}`,
    kind: 'alarm',
    severity: errorEntry(code).class === 'operator' ? 'fault' : 'warning',
    code,
    title: subject ? `${errorEntry(code).title}: ${subject}` : errorEntry(code).title,
    detail: message,
    since: raisedAt,
    affected: EVERYBODY,
    nextStep: action,
    about: id,
  }))

const paused: Rule = facts =>
  facts.overview.queues
    .filter(({ pausedAt }) => pausedAt !== null)
    .map(({ queue, pausedAt, pausedBy, reason, queued }) => ({
      id: `paused:${queue}`,
      kind: 'paused',
      severity: queued > 0 ? 'fault' : 'warning',
      code: null,
      title: `The ${queue} queue is paused`,
      detail: `${pausedBy === 'alarm' ? 'It paused itself' : 'An operator paused it'}${reason ? `: ${reason}` : ''}. ${waits(queued)}.`,
      since: pausedAt,
      affected: queued > 0 ? waitingOf(facts) : { assets: 0, projects: 0, projectIds: [] },
      nextStep:
        pausedBy === 'alarm'
          ? 'Fix what its alarm says, then resume the queue.'
          : 'Resume it when the reason is gone. The audit log says who paused it.',
      about: queue,
    }))

/** Work that somebody waits for should start within this time. */
const BACKLOG_MS = 5 * 60_000

const backlog: Rule = facts =>
  facts.overview.queues
    .filter(({ pausedAt, workers, queuedByLane }) => !pausedAt && workers > 0 && queuedByLane.interactive > 0)
    .filter(({ oldestQueuedAt }) => oldestQueuedAt && facts.now.getTime() - Date.parse(oldestQueuedAt) > BACKLOG_MS)
    .map(({ queue, queued, running, slots, oldestQueuedAt }) => ({
      id: `backlog:${queue}`,
      kind: 'backlog',
      severity: 'warning',
      code: null,
      title: `The ${queue} queue is behind`,
      detail: `${waits(queued)}, ${running} run in ${count(slots, 'slot')}.`,
      since: oldestQueuedAt,
      affected: waitingOf(facts),
      nextStep: 'Add workers or slots (`WORKER_CONCURRENCY`), or pause a backfill that takes the room.',
      about: queue,
    }))

/** From so many on, files of users that are refused or damaged are a pattern. */
const MANY_PERMANENT = 50

const failures: Rule = ({ failures: groups }) =>
  groups
    .filter(({ code, lastHour }) => isOurs(code) || lastHour >= MANY_PERMANENT)
    .map(({ code, jobs, assets, projects, projectIds, firstAtMs }) => ({
      id: `failures:${code}`,
      kind: 'failures',
      severity: isOurs(code) ? 'fault' : 'warning',
      code,
      title: `${count(jobs, 'job')} failed: ${errorEntry(code).title}`,
      detail: errorEntry(code).owner,
      since: iso(firstAtMs),
      affected: { assets, projects, projectIds },
      nextStep: errorEntry(code).admin,
      about: code,
    }))

/** Tells whether a failure is of the installation, and not of the file. */
const isOurs = (code: string): boolean => errorEntry(code).class !== 'permanent'

const webhooks: Rule = ({ troubles }) =>
  troubles.webhooks.map(({ id, projectId, host, sinceMs, isDisabled, code }) => ({
    id: `webhook:${id}`,
    kind: 'webhook',
    severity: 'warning',
    code,
    title: isDisabled ? `A webhook was disabled: ${host}` : `A webhook fails: ${host}`,
    detail: isDisabled
      ? 'It failed for too long or answered 410. Nothing is sent to it.'
      : 'Its messages are not accepted, and are retried.',
    since: iso(sinceMs),
    affected: { assets: null, projects: 1, projectIds: [projectId] },
    nextStep: isDisabled
      ? 'Tell its owner. When it works again: enable it, then replay what it missed.'
      : 'Look at the answers in its deliveries, and tell its owner.',
    about: id,
  }))

const backfills: Rule = ({ troubles }) =>
  troubles.backfills.map(({ id, projectId, preset, sinceMs, reason }) => ({
    id: `backfill:${id}`,
    kind: 'backfill',
    severity: 'warning',
    code: null,
    title: `The canary of ${preset} failed`,
    detail: reason,
    since: iso(sinceMs),
    affected: { assets: null, projects: 1, projectIds: [projectId] },
    nextStep: 'Look at the failures of the backfill. Then resume it, or cancel it and apply the version before.',
    about: id,
  }))

const quotas: Rule = ({ troubles }) =>
  troubles.quotas.map(({ projectId, name, bytes, quotaBytes }) => ({
    id: `quota:${projectId}`,
    kind: 'quota',
    severity: bytes >= quotaBytes ? 'fault' : 'warning',
    code: 'QUOTA_EXCEEDED',
    title: bytes >= quotaBytes ? `${name} has reached its quota` : `${name} has nearly reached its quota`,
    detail: `It stores ${Math.floor((bytes / quotaBytes) * 100)} % of its quota. New uploads are refused when it is full.`,
    since: null,
    affected: { assets: null, projects: 1, projectIds: [projectId] },
    nextStep: 'Raise the quota of the project, or have its owner delete assets.',
    about: projectId,
  }))

const checks: Rule = ({ faults, checkedAt }) =>
  faults.map(({ id, title, seen, cause, fix }) => ({
    id: `check:${id}`,
    kind: 'store',
    severity: 'fault',
    code: null,
    title: `Check failed: ${title}`,
    detail: cause ? `${seen}. ${cause}` : seen,
    since: checkedAt?.toISOString() ?? null,
    affected: EVERYBODY,
    nextStep: fix ?? 'Run `npx darkroom doctor` on the server.',
    about: id,
  }))

/** Every rule: each says what is wrong in its part. */
const RULES: readonly Rule[] = [noWorkers, alarms, paused, failures, backlog, checks, webhooks, backfills, quotas]

/** Returns what is wrong: faults first, then what has lasted longest. */
export function findIncidents(facts: IncidentFacts): Incident[] {
  const rank = ({ severity, since }: Incident) => `${severity === 'fault' ? 0 : 1}${since ?? '9'}`
  return RULES.flatMap(rule => rule(facts)).toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}
