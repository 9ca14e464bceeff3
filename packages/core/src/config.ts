import { z } from 'zod'

/** What keeps a process from starting, in words for a person, who needs no stack. */
export class StartupError extends Error {
  readonly exitCode: number = 1
}

/** All faults of a configuration at once, each naming its variable and what was expected. */
export class ConfigError extends StartupError {
  readonly faults: string[]
  override readonly exitCode: number = 2

  constructor(faults: string[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    const lines = faults.map(fault => `  - ${fault}`)
    super(`The configuration has ${count}:\n${lines.join('\n')}\n${WHAT_TO_DO}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/** What a variable names does not answer; it may be right all the same. */
export class UnreachableError extends ConfigError {
  override readonly exitCode = 3
}

const WHAT_TO_DO = 'Correct it and start again. docs/config.md describes each variable.'

/** What every process of Darkroom reads. */
export const ProcessConfig = z.object({
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Minimum log level. `darkroom start` uses `warn`.'),
  START_WAIT_SEC: z.coerce
    .number()
    .min(0)
    .max(3600)
    .default(60)
    .describe('How long a process waits for Postgres and Redis when it starts, in seconds.'),
})

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
  const parsed = Object.entries(schemas).map(
    ([name, schema]) => [name, schema.safeParse(set, { error: expectation })] as const,
  )
  const faults = parsed.flatMap(([, { error }]) => error?.issues.map(issue => faultOf(issue, set)) ?? [])
  // Two configurations may have a variable in common.
  if (faults.length > 0) throw new ConfigError([...new Set(faults)])
  return Object.fromEntries(parsed.map(([name, { data }]) => [name, data])) as { [Name in keyof T]: z.output<T[Name]> }
}

/** Reads one configuration, as `parseConfigs` does. */
export const parseConfig = <T extends z.ZodType>(schema: T, env: Env): z.output<T> =>
  parseConfigs({ schema }, env).schema

/** Describes in words what was expected, where a schema does not say it itself. */
const expectation: z.core.$ZodErrorMap = issue => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'expected a whole number' : `expected a ${issue.expected}`
    case 'too_big':
      return `expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`
    case 'too_small':
      return `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`
    case 'invalid_format':
      return `expected a ${issue.format === 'url' ? 'URL' : issue.format}`
    default:
      return undefined
  }
}

const unitOf = (origin: string) => (origin === 'string' ? ' characters' : '')

function faultOf({ path, message }: z.core.$ZodIssue, env: Env): string {
  const name = path.join('.') || 'configuration'
  const value = env[name]
  return value !== undefined && isFitToShow(name, value) ? `${name}: ${message}, not "${value}"` : `${name}: ${message}`
}

const MAX_SHOWN = 60

/** Tells whether a value may be shown: it helps to find the mistake, unless it may be a secret. */
const isFitToShow = (name: string, value: string): boolean =>
  !/KEY|SECRET|TOKEN|PASSWORD|HEADERS/.test(name) && !/[@\s]|password/i.test(value) && value.length <= MAX_SHOWN
