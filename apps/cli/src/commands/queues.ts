import type { QueueOverview, QueueRebuilt, QueuesOverview } from '@darkroom/contracts'
import { createAdminClient } from '../admin-client.ts'
import { commandWithJson, moment, print, table } from '../output.ts'

type Json = { json?: true }

// `--json` is the parent's as well, so the commands below it read it from both.
export const queuesCommand = () => {
  const queues = commandWithJson('queues')
    .description('look at the queues, pause and resume them (over DARKROOM_URL, with the DARKROOM_KEY of an operator)')
    .action((options: Json) => look(options))
  queues
    .command('pause')
    .argument('<name>', 'a queue, or all')
    .description('hand out no more jobs of a queue; uploads are taken and wait')
    .option('--reason <text>', 'why, for the others')
    .action((name: string, options: { reason?: string }) => pause(name, { ...queues.opts(), ...options }))
  queues
    .command('resume')
    .argument('<name>', 'a queue, or all')
    .description('go on with a queue; clears the alarms that paused it')
    .action((name: string) => resume(name, queues.opts()))
  queues
    .command('rebuild')
    .description('hand over every queued job again, for a queue that lost what it held')
    .action(() => rebuild(queues.opts()))
  return queues
}

async function look(options: Json): Promise<void> {
  const overview = await createAdminClient().get<QueuesOverview>('/v1/admin/queues')
  print(options, overview, () => describe(overview))
}

async function pause(name: string, { reason, ...options }: Json & { reason?: string }): Promise<void> {
  const overview = await act(name, 'pause', reason ? { reason } : {})
  print(options, overview, () => `Paused. Go on with: darkroom queues resume ${name}`)
}

async function resume(name: string, options: Json): Promise<void> {
  const overview = await act(name, 'resume', {})
  print(options, overview, () => {
    const served = overview.queues.some(queue => (name === 'all' || queue.queue === name) && queue.workers > 0)
    return served ? 'Resumed.' : 'Resumed, but no living worker serves it: start one.'
  })
}

const act = (name: string, action: string, body: unknown) =>
  createAdminClient().post<QueuesOverview>(`/v1/admin/queues/${encodeURIComponent(name)}/${action}`, body)

async function rebuild(options: Json): Promise<void> {
  const rebuilt = await createAdminClient().post<QueueRebuilt>('/v1/admin/rebuild-queue')
  print(
    options,
    rebuilt,
    () => `${rebuilt.redispatched} jobs are handed over again; ${rebuilt.removed} entries of before were removed.`,
  )
}

function describe({ queues, workers, alarms }: QueuesOverview): string {
  const rows = queues.map(queue => [
    queue.queue,
    stateOf(queue),
    queue.queued,
    queue.running,
    queue.failed,
    queue.succeededLastMinute,
    queue.failedLastMinute,
    queue.waitingInBackend ?? '?',
    queue.slots,
    moment(queue.oldestQueuedAt),
  ])
  const headings = [
    'QUEUE',
    'STATE',
    'QUEUED',
    'RUNNING',
    'FAILED',
    'DONE/MIN',
    'FAILED/MIN',
    'IN BULLMQ',
    'SLOTS',
    'OLDEST',
  ]
  return [
    table(headings, rows),
    '',
    workers.length === 0
      ? 'No worker lives: nothing is processed until one is started.'
      : table(
          ['WORKER', 'HOST', 'QUEUES', 'SLOTS', 'SINCE'],
          workers.map(each => [each.id, each.host, each.queues.join(','), each.slots, moment(each.startedAt)]),
        ),
    ...alarms.flatMap(alarm => [
      '',
      `ALARM ${alarm.code} since ${moment(alarm.raisedAt)}: ${alarm.message}`,
      `  ${alarm.action}`,
    ]),
  ].join('\n')
}

function stateOf({ pausedAt, pausedBy, reason, queued, workers }: QueueOverview): string {
  if (pausedAt) return `paused by ${pausedBy}${reason ? `: ${reason}` : ''}`
  return queued > 0 && workers === 0 ? 'no worker' : 'open'
}
