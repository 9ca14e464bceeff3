import type { z } from 'zod'

/** All faults of a configuration at once, each naming its variable and what was expected. */
export class ConfigError extends Error {
  readonly faults: string[]

  constructor(faults: string[]) {
    super(`The configuration has ${faults.length} fault(s):\n${faults.map(fault => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Reads a configuration out of environment variables. An empty variable counts as not set.
 * @throws ConfigError naming every variable that is wrong
 */
export function parseConfig<T extends z.ZodType>(schema: T, env: Record<string, string | undefined>): z.output<T> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const result = schema.safeParse(set)
  if (result.success) return result.data
  throw new ConfigError(
    result.error.issues.map(issue => `${issue.path.join('.') || 'configuration'}: ${issue.message}`),
  )
}
