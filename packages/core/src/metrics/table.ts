interface MetricDefinition {
  type: 'counter' | 'gauge' | 'histogram'
  unit: string
  /** Each label, with the values that it can have: all of them are few. */
  labels: Readonly<Record<string, string>>
  help: string
  /** Rows of the database are read by the API when it is asked; everything else a process measures of itself. */
  from: 'database' | 'API' | 'worker' | 'API and worker'
  /** Upper bounds of a histogram, in its unit. */
  buckets?: readonly number[]
}

const QUEUE = 'name of a queue'
const SHORT_SEC = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const LONG_SEC = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200]

/** Every metric of our own. No label names an asset, project, key or URL: each of its values is kept for good. */
export const METRICS = {
  darkroom_jobs: {
    type: 'gauge',
    unit: 'jobs',
    labels: { queue: QUEUE, status: '`queued`, `running`, `failed`' },
    help: 'Number of waiting, running and failed jobs.',
    from: 'database',
  },
  darkroom_queue_paused: {
    type: 'gauge',
    unit: '0 or 1',
    labels: { queue: QUEUE },
    help: '1 if the queue is paused; no sample if it is not.',
    from: 'database',
  },
  darkroom_queue_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: { queue: QUEUE },
    help: 'Time since the dispatch of the oldest job that no worker has started; no sample if there is none.',
    from: 'database',
  },
  darkroom_undispatched_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: {},
    help: 'Age of the oldest due job that is not dispatched yet.',
    from: 'database',
  },
  darkroom_unsettled_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    labels: {},
    help: 'Time since the confirm of the oldest asset that is still processing.',
    from: 'database',
  },
  darkroom_leases_lost_last_hour: {
    type: 'gauge',
    unit: 'attempts',
    labels: {},
    help: 'Attempts that lost their lease in the last hour.',
    from: 'database',
  },
  darkroom_purge_backlog: {
    type: 'gauge',
    unit: 'objects',
    labels: {},
    help: 'Number of objects waiting to be deleted.',
    from: 'database',
  },
  darkroom_workers: {
    type: 'gauge',
    unit: 'workers',
    labels: {},
    help: 'Number of live workers.',
    from: 'database',
  },
  darkroom_alarms: {
    type: 'gauge',
    unit: 'alarms',
    labels: { code: 'code of an alarm' },
    help: 'Number of open alarms; no sample if there is none.',
    from: 'database',
  },
  darkroom_database_connections: {
    type: 'gauge',
    unit: 'connections',
    labels: {
      application: '`darkroom-api`, `darkroom-worker` and other processes of Darkroom',
      state: 'as in `pg_stat_activity`',
    },
    help: 'Number of connections to the database, of all processes of Darkroom.',
    from: 'database',
  },
  darkroom_http_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { method: 'HTTP method', route: 'path with parameters as names, or `none`', status: '`2xx` to `5xx`' },
    help: 'Time from a request to the end of its response. Event streams and long polls last as long as a client waits.',
    from: 'API',
    buckets: SHORT_SEC,
  },
  darkroom_run_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: {
      queue: QUEUE,
      job: 'name of a job',
      outcome: '`done`, `incomplete`, `skipped`, `cancelled`, `snoozed`, `failed`, `fenced`',
    },
    help: 'Time from the claim of a job to the commit of its result. `fenced`: the run had lost its lease, and its commit was refused.',
    from: 'worker',
    buckets: LONG_SEC,
  },
  darkroom_stage_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { queue: QUEUE, stage: '`download`, `media`, `publish`' },
    help: 'Time of the stages of processing. `download` verifies the source, `media` includes the wait for a media process, `publish` is what is left to upload after it.',
    from: 'worker',
    buckets: LONG_SEC,
  },
  darkroom_media_process_starts_total: {
    type: 'counter',
    unit: 'processes',
    labels: {},
    help: 'Media processes that were started.',
    from: 'worker',
  },
  darkroom_media_process_exits_total: {
    type: 'counter',
    unit: 'processes',
    labels: {
      cause: '`died`, or the error code with which the worker ended it; `WORKER_CRASHED` also when it was retired',
    },
    help: 'Media processes that are gone.',
    from: 'worker',
  },
  darkroom_media_peak_memory_bytes: {
    type: 'histogram',
    unit: 'bytes',
    labels: { queue: QUEUE },
    help: 'Peak resident memory of a media process so far, with all that it started, at the end of each job.',
    from: 'worker',
    buckets: [64, 128, 256, 512, 1024, 2048, 4096].map(mebibytes => mebibytes * 1_048_576),
  },
  darkroom_store_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    labels: { operation: 'S3 operation, such as `PutObject`', result: '`ok`, an HTTP status, `aborted`, or `network`' },
    help: 'Time of each request to the object store until its response begins, every attempt of its own.',
    from: 'API and worker',
    buckets: SHORT_SEC,
  },
  darkroom_store_retries_total: {
    type: 'counter',
    unit: 'requests',
    labels: { result: 'HTTP status of the failed attempt, or `network`' },
    help: 'Requests to the object store that failed and are tried again.',
    from: 'API and worker',
  },
  darkroom_orphans: {
    type: 'gauge',
    unit: 'objects',
    labels: { type: 'as `darkroom orphans` names them' },
    help: 'What does not fit between database and store, as of the last comparison that this worker made. One worker compares each day.',
    from: 'worker',
  },
} as const satisfies Record<string, MetricDefinition>

export type MetricName = keyof typeof METRICS
export type LabelsOf<Name extends MetricName> = Record<keyof (typeof METRICS)[Name]['labels'], string>

type NameFrom<From> = {
  [Name in MetricName]: (typeof METRICS)[Name]['from'] extends From ? Name : never
}[MetricName]
/** Metrics that the API reads from the database. */
export type DatabaseMetric = NameFrom<'database'>
/** Metrics that a process measures of itself. */
export type MeasuredMetric = Exclude<MetricName, DatabaseMetric>
