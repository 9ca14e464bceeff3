import type { Options, Sql } from 'postgres'

/**
 * Opens a client that keeps its notices to itself. The driver is loaded when it is first needed, because `packages/db` patches it
 * while it loads it, which must be the first time in a process.
 */
export async function postgresClient(url: string, options: Options<Record<string, never>> = {}): Promise<Sql> {
  const { default: postgres } = await import('postgres')
  return postgres(url, { onnotice: () => undefined, ...options })
}
