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

type Env = Record<string, string | undefined>

/**
 * Reads several configurations out of the same environment variables. An empty variable counts as not set.
 * @throws ConfigError naming every variable that is wrong, of whichever of them
 */
export function parseConfigs<T extends Record<string, z.ZodType>>(
  schemas: T,
  env: Env,
): { [Name in keyof T]: z.output<T[Name]> } {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Object.entries(schemas).map(([name, schema]) => [name, schema.safeParse(set)] as const)
  const faults = parsed.flatMap(([, { error }]) => error?.issues.map(faultOf) ?? [])
  // Two configurations may have a variable in common.
  if (faults.length > 0) throw new ConfigError([...new Set(faults)])
  return Object.fromEntries(parsed.map(([name, { data }]) => [name, data])) as { [Name in keyof T]: z.output<T[Name]> }
}

/** Reads one configuration, as `parseConfigs` does. */
export const parseConfig = <T extends z.ZodType>(schema: T, env: Env): z.output<T> =>
  parseConfigs({ schema }, env).schema

const faultOf = ({ path, message }: z.core.$ZodIssue): string => `${path.join('.') || 'configuration'}: ${message}`
