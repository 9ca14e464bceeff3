import type { LocalB2 } from '@darkroom/local-b2'

const EVERY_MS = 200

/** Counts what the store is sent, key by key, from outside the system. */
export interface WriteWatch {
  /** How often each key was written: variants and originals. */
  end(): Map<string, number>
}

/** Takes over the store's log of requests, of which it keeps the newest only. */
export function watchWrites({ requests }: Pick<LocalB2, 'requests'>): WriteWatch {
  const seen: ReturnType<typeof requests.list> = []
  const take = () => {
    const writes = requests.list().filter(({ operation, key }) => WRITES.has(operation) && PLACES.test(key ?? ''))
    requests.clear()
    seen.push(...writes)
  }
  requests.clear()
  const timer = setInterval(take, EVERY_MS)
  return {
    end() {
      clearInterval(timer)
      take()
      const stored = seen.filter(({ status }) => status === 200)
      return new Map([...Map.groupBy(stored, ({ key }) => key ?? '')].map(([key, all]) => [key, all.length]))
    },
  }
}

const WRITES = new Set(['PutObject', 'CopyObject'])
const PLACES = /^(variants|originals)\//
