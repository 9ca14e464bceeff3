export interface WakeUp {
  /** Wakes whoever waits, and says which queue it is about; ringing while nobody waits is remembered. */
  ring(topic?: string): void
  /** Until somebody rings or the time is over. @returns what was rung for since the last time; empty for the time */
  wait(timeoutMs: number): Promise<Set<string>>
}

/** What a bell without a topic rings for; also what a NOTIFY says that concerns every queue. */
export const EVERYTHING = '*'

/** Creates a bell that one loop waits for. */
export function createWakeUp(): WakeUp {
  let topics = new Set<string>()
  let wake: (() => void) | null = null
  return {
    ring: (topic = EVERYTHING) => {
      topics.add(topic)
      wake?.()
    },
    wait: async timeoutMs => {
      if (topics.size === 0) {
        await new Promise<void>(resolve => {
          const timer = setTimeout(resolve, timeoutMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      wake = null
      const rung = topics
      topics = new Set()
      return rung
    },
  }
}
