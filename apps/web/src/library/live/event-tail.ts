import type { EventMessage } from '@darkroom/contracts'

const FAST_MS = 2000
const SLOW_MS = 5000
const GROWTH = 1.2
const ERROR_MS = 10_000
/** What the log has of a long absence is not gone through event by event. */
const MOST_PAGES = 5

/** The cursor of whoever wants to know only what happens from now on. */
const NOW = 'latest'

/** Of an event only this is looked at. */
export type TailEvent = Pick<EventMessage, 'type' | 'data'>

/** What happened; `everything` when more happened than was read. */
export type Happened = readonly TailEvent[] | 'everything'

export interface EventTailAnswer {
  items: TailEvent[]
  nextCursor: string
  hasMore: boolean
}

interface TailDeps {
  read: (after: string) => Promise<EventTailAnswer>
  /** False while asking is useless: the tab is hidden, there is no key, or it may not read. */
  mayRead: () => boolean
}

export type EventTail = ReturnType<typeof createEventTail>

/** Follows the event log of the project by one small request every few seconds, which costs the service one look at an index. */
export function createEventTail({ read, mayRead }: TailDeps) {
  const listeners = new Set<(happened: Happened) => void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let cursor: string | null = null
  /** Something may have happened before its place in the log. */
  let isBehind = false
  let isRunning = false
  let isReading = false
  let quietReads = 0
  let begin: (() => void) | undefined
  const begun = new Promise<void>(resolve => {
    begin = resolve
  })

  function tell(happened: Happened): void {
    for (const listener of listeners) listener(happened)
  }

  function schedule(delayMs: number): void {
    clearTimeout(timer)
    if (isRunning && mayRead()) timer = setTimeout(() => void poll(), delayMs)
  }

  async function poll(): Promise<void> {
    if (isReading || !isRunning || !mayRead()) return
    isReading = true
    const failed = await catchUp().then(
      () => false,
      error => {
        // The log was restored from a copy, so its place in it is no more.
        if (isRefused(error)) cursor = null
        return true
      },
    )
    isReading = false
    isBehind ||= cursor === null
    begin?.()
    schedule(failed ? ERROR_MS : Math.min(SLOW_MS, FAST_MS * GROWTH ** quietReads))
  }

  async function catchUp(): Promise<void> {
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { items, nextCursor, hasMore } = await read(cursor ?? NOW)
      if (!isRunning) return
      cursor = nextCursor
      quietReads = items.length > 0 ? 0 : quietReads + 1
      if (isBehind) tell('everything')
      else if (items.length > 0) tell(items)
      isBehind = false
      if (!hasMore) return
    }
    cursor = null
  }

  return {
    /** Settled once its place in the log is known, or cannot be: what is read afterwards is not older than that. */
    begun,
    subscribe(listener: (happened: Happened) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Asks at once: the tab or the key is back. */
    nudge(): void {
      quietReads = 0
      void poll()
    },
    start(): void {
      isRunning = true
      if (mayRead()) return void poll()
      isBehind = true
      begin?.()
    },
    stop(): void {
      isRunning = false
      clearTimeout(timer)
    },
  }
}

const isRefused = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 400
