import { QUEUE_NAMES } from '@darkroom/contracts/jobs'
import type { Schemas } from '@darkroom/sdk'
import { Argument } from 'commander'
import { commandWithJson, counted, moment, newCommand, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'
import { table } from '../table.ts'

type Json = { json?: true }

// `--json` is the parent's as well, so the commands below it read it from both.
export const queuesCommand = () => {
  const queues = commandWithJson('queues', { description: '', example: 'queues' }).action((options: Json) =>
    look(options),
  )
  const pausing = newCommand('pause', {
    description: 'start no more jobs of a queue; uploads are accepted and wait',
    example: 'queues pause all --reason "moving the bucket"',
  })
    .addArgument(queueArgument())
    .option('--reason <text>', 'reason, shown to other operators')
    .action((name: string, options: { reason?: string }) => pause(name, { ...queues.opts(), ...options }))
  const resuming = newCommand('resume', {
    description: 'resume a queue; clears the alarms that paused it',
    example: 'queues resume all',
  })
    .addArgument(queueArgument())
    .action((name: string) => resume(name, queues.opts()))
  const rebuilding = newCommand('rebuild', {
    description: 'dispatch all queued jobs again, if the queue has lost its entries',
    example: 'queues rebuild',
  }).action(() => rebuild(queues.opts()))
  for (const command of [pausing, resuming, rebuilding]) queues.addCommand(command)
  return queues
}

const queueArgument = () => new Argument('<queue>', 'a queue, or all').choices(['all', ...QUEUE_NAMES])

async function look(options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const overview = await darkroom.admin.queues.list()
  print(options, overview, () => describe(overview))
}

async function pause(name: string, { reason, ...options }: Json & { reason?: string }): Promise<void> {
  const { darkroom } = await connectSdk()
  const overview = await darkroom.admin.queues.pause(name, given({ reason }))
  print(options, overview, () => `Paused. To resume: npx darkroom queues resume ${name}`)
}

async function resume(name: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const overview = await darkroom.admin.queues.resume(name)
  print(options, overview, () => {
    const served = overview.queues.some(queue => (name === 'all' || queue.queue === name) && queue.workers > 0)
    return served ? 'Resumed.' : 'Resumed, but no live worker serves it: start one.'
  })
}

async function rebuild(options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const rebuilt = await darkroom.admin.queues.rebuild()
  print(
    options,
    rebuilt,
    () => `Dispatched again: ${counted(rebuilt.redispatched, 'job')}. Stale entries removed: ${rebuilt.removed}.`,
  )
}

function describe({ queues, workers, alarms }: Schemas['QueuesOverview']): string {
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
  return [
    table(QUEUE_COLUMNS, rows),
    '',
    workers.length === 0
      ? 'No worker is running: nothing is processed until one is started.'
      : table(
          WORKER_COLUMNS,
          workers.map(each => [each.id, each.host, each.queues.join(','), each.slots, moment(each.startedAt)]),
        ),
    ...alarms.flatMap(alarm => [
      '',
      `ALARM ${alarm.code} since ${moment(alarm.raisedAt)}: ${alarm.message}`,
      `  ${alarm.action}`,
    ]),
  ].join('\n')
}

const QUEUE_COLUMNS = [
  ...['QUEUE', { title: 'STATE', clip: true as const }, 'QUEUED', 'RUNNING', 'FAILED', { title: 'DONE/MIN', drop: 5 }],
  ...[
    { title: 'FAILED/MIN', drop: 4 },
    { title: 'IN BULLMQ', drop: 1 },
    { title: 'SLOTS', drop: 3 },
  ],
  { title: 'OLDEST', drop: 2 },
]

const WORKER_COLUMNS = [
  ...['WORKER', { title: 'HOST', clip: true as const }, { title: 'QUEUES', clip: true as const, drop: 2 }],
  ...[
    { title: 'SLOTS', drop: 3 },
    { title: 'SINCE', drop: 1 },
  ],
]

function stateOf({ pausedAt, pausedBy, reason, queued, workers }: Schemas['QueueOverview']): string {
  if (pausedAt) return `paused by ${pausedBy}${reason ? `: ${reason}` : ''}`
  return queued > 0 && workers === 0 ? 'no worker' : 'open'
}
