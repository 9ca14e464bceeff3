/**
 * How node is started for untrusted bytes. Code that was compiled ahead is for these flags. Marking the heap in one thread, when
 * it must be, takes less CPU, and nobody waits for an answer meanwhile.
 */
export const NODE_FLAGS: readonly string[] = ['--max-old-space-size=512', '--no-warnings', '--single-threaded-gc']
