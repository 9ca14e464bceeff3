/**
 * How node is started for untrusted bytes. Code that was compiled ahead is for these flags. Pixels lie outside of V8's heap and
 * make it mark that heap all the time; marking in one go and in one thread, when it must, takes a quarter of the CPU, and
 * nobody waits for an answer meanwhile.
 */
export const NODE_FLAGS: readonly string[] = [
  ...['--max-old-space-size=512', '--no-warnings'],
  ...['--no-incremental-marking', '--single-threaded-gc'],
]
