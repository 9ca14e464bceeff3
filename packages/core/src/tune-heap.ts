import { setFlagsFromString } from 'node:v8'

export const HEAP_FLAGS = [
  // After a burst of requests that waited for Postgres, V8 takes all requests for long-lived and allocates them in the old
  // space, until it next collects that: polls then cost a fifth more. No request lives long enough for that to pay.
  '--no-allocation-site-pretenuring',
  // By itself V8 lets the old space grow by so little that it can be full again before the next collection of the nursery; it
  // then marked all of it every second, for a third of what a photo costs the main process (docs/decisions/0065).
  '--heap-growing-percent=100',
]

/** Tells V8 how a process lives through which files and requests pass. For the whole process, once it has been called. */
export function tuneHeap(): void {
  for (const flag of HEAP_FLAGS) setFlagsFromString(flag)
}
