/** In Redis every key of ours starts with it; in Postgres the schema `bullmq` plays that part. */
export const PREFIX = 'darkroom'

/**
 * Returns the prefix of one queue in a cluster. All its keys share a hash tag, because BullMQ's scripts touch several of them at once; each queue has
 * a tag of its own, so that queues spread over the nodes.
 */
export const clusterPrefix = (queue: string): string => `${PREFIX}:{${queue}}`

/** Returns BullMQ's name of the queue that only reserved slots serve. */
export const reservedName = (queue: string): string => `${queue}-reserved`

/** The name BullMQ shows for every entry; what a job is, its row says. */
export const ENTRY_NAME = 'job'

/**
 * BullMQ's own lock. Leases on the rows decide who works, so this one only has to outlive pauses of a healthy process and clocks
 * that disagree (the Postgres backend compares with the worker's clock): 120 s, of which at least 90 s are left at any time.
 * The price: an entry lost between BullMQ and the claim of its row stays `known` for up to 3 minutes.
 */
export const LOCK_MS = 120_000
export const LOCK_RENEW_MS = 30_000
export const STALLED_CHECK_MS = 30_000

/** After a refused connection; BullMQ's default of 15 s would keep a worker idle long after its server is back. */
export const RETRY_MS = 1000

/** Longest wait of an idle worker for a wake-up, in seconds, before it asks again: what a silently dead socket can cost. */
export const IDLE_WAIT_SEC = { redis: 5, postgres: 20 } as const

export const CONNECT_TIMEOUT_MS = 5000
/** Longest wait of `JobQueues` for an answer of Redis. */
export const COMMAND_TIMEOUT_MS = 5000
/** A Redis connection with a command under way and no byte for this long is dead. More than the idle wait. */
export const REDIS_SOCKET_TIMEOUT_MS = 30_000
/** A Postgres query without an answer for this long costs its connection: TCP alone would wait about 15 minutes. */
export const POSTGRES_QUERY_TIMEOUT_MS = 10_000
/** Shorter than an idle worker's wait, so that the query after it never meets a connection that died meanwhile. */
export const POSTGRES_IDLE_CONNECTION_MS = 10_000
export const KEEP_ALIVE_MS = 10_000

/** BullMQ writes a stream of its own events that nobody here reads; it keeps about this many. */
export const MAX_STREAM_EVENTS = 100

/** How long an entry of a newer schema version rests before a worker, perhaps a newer one, sees it again. */
export const HAND_BACK_MS = 30_000
/** From this age on such an entry is dropped, so that the dispatcher adds the row again in the version it speaks. */
export const HAND_BACK_UNTIL_MS = 10 * 60_000

/** BullMQ's largest priority number; 0 goes first. */
export const MAX_PRIORITY = 2_097_152
