/**
 * The whole environment of a media process: constants, and nothing of the worker's. glibc gives each thread a heap of its own, and images pass
 * through all of them, so that a process which has made photos for a while holds twice the memory that it needs.
 */
export const ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' }
