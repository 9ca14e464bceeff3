import { fileURLToPath } from 'node:url'

/**
 * Environment for every process of ours that a test starts: it finds there what V8 made of our modules for an earlier one.
 * Loading them would otherwise be most of its work.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url)),
}
