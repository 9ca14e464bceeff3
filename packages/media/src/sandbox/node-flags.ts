/** How node is started for untrusted bytes. Code that was compiled ahead is for these flags. */
export const NODE_FLAGS: readonly string[] = ['--max-old-space-size=512', '--no-warnings']
