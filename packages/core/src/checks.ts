import { redact } from './logger.ts'

/** What a check saw. `not_checked` says why it could not look; nothing is known then. */
export interface Finding {
  state: 'ok' | 'warning' | 'fault' | 'not_checked'
  seen: string
  /** In the place of what the check says of itself, where more is known. */
  cause?: string
  fix?: string
  /** Whether the claim of `proves` holds. Default: as the state says. */
  holds?: boolean
}

/** A live check as data. `cause` and `fix` are the likely ones, for a person. */
export interface Check<Context> {
  /** Stable: `<area>.<name>`. */
  id: string
  /** What holds when all is well. */
  title: string
  cause: string
  fix: string
  /** Checks without whose success this one would say nothing. */
  needs?: readonly string[]
  /** A claim of docs/b2.md for which there is no other proof. */
  proves?: string
  look(context: Context): Promise<Finding>
  /** Repairs it where nothing can be lost by that. @returns what was done */
  repair?(context: Context): Promise<string>
}

export interface CheckResult extends Finding {
  id: string
  title: string
  proves?: string
  isRepairable: boolean
  /** What `repair` did. `state` is then what was seen afterwards. */
  repaired?: string
}

export const fine = (seen: string): Finding => ({ state: 'ok', seen })
/** Returns the finding of a check that only looks how a store does it: neither is wrong. */
export const observed = (seen: string, holds: boolean): Finding => ({ state: 'ok', seen, holds })
export const notChecked = (why: string): Finding => ({ state: 'not_checked', seen: why })
type Reasons = Pick<Finding, 'cause' | 'fix'>
export const warning = (seen: string, reasons: Reasons = {}): Finding => ({ ...reasons, state: 'warning', seen })
export const fault = (seen: string, reasons: Reasons = {}): Finding => ({ ...reasons, state: 'fault', seen })

interface RunOptions {
  /** Whether to repair what can be. */
  repairs?: boolean
  /** Results so far, by id; what runs is added. */
  results: Map<string, CheckResult>
  /** Ids of the checks to run. Default: all. */
  only?: ReadonlySet<string>
  /** Longest that one look may take, in milliseconds. */
  timeoutMs?: number
}

const TIMEOUT_MS = 30_000

/** Runs checks one after the other, because some of them change what others look at. A check that throws is at fault. */
export async function runChecks<Context>(
  checks: readonly Check<Context>[],
  context: Context,
  options: RunOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of checks.filter(({ id }) => options.only?.has(id) ?? true)) {
    const result = await runCheck(check, context, options)
    options.results.set(check.id, result)
    results.push(result)
  }
  return results
}

/** Returns the ids of all checks of these areas (`cors`, or `cors.etag` for one), and of what they need. */
export function selectChecks(checks: readonly Check<never>[], areas: readonly string[]): Set<string> {
  const byId = new Map(checks.map(check => [check.id, check]))
  const selected = new Set<string>()
  const add = (id: string): void => {
    if (selected.has(id)) return
    selected.add(id)
    byId.get(id)?.needs?.forEach(add)
  }
  for (const id of byId.keys()) if (areas.some(area => id === area || id.startsWith(`${area}.`))) add(id)
  return selected
}

async function runCheck<Context>(check: Check<Context>, context: Context, options: RunOptions): Promise<CheckResult> {
  const missing = check.needs?.find(id => !hasHeld(options.results.get(id)))
  if (missing !== undefined) return describe(check, notChecked(`it needs ${missing}`))
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const found = await look(check, context, timeoutMs)
  if (!options.repairs || !check.repair || !isAmiss(found)) return describe(check, found)
  try {
    const repaired = await check.repair(context)
    return { ...describe(check, await look(check, context, timeoutMs)), repaired }
  } catch (error) {
    return describe(check, { ...found, seen: `${found.seen}; could not be repaired: ${textOf(error)}` })
  }
}

const hasHeld = (result: CheckResult | undefined): boolean => result?.state === 'ok' || result?.state === 'warning'

/** Returns whether a finding asks for somebody to act. */
export const isAmiss = ({ state }: Pick<Finding, 'state'>): boolean => state === 'fault' || state === 'warning'

async function look<Context>(check: Check<Context>, context: Context, timeoutMs: number): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Finding>(resolve => {
    timer = setTimeout(() => resolve(fault(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  try {
    return await Promise.race([check.look(context), timeout])
  } catch (error) {
    return fault(textOf(error))
  } finally {
    clearTimeout(timer)
  }
}

function describe<Context>({ id, title, cause, fix, proves, repair }: Check<Context>, found: Finding): CheckResult {
  const reasons = isAmiss(found) ? { cause: found.cause ?? cause, fix: found.fix ?? fix } : {}
  const { state, seen } = found
  const claim = proves && state !== 'not_checked' ? { holds: found.holds ?? state === 'ok' } : {}
  return { id, title, state, seen, ...reasons, ...(proves && { proves }), ...claim, isRepairable: repair !== undefined }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return redact(String(error))
  const reason = error.cause instanceof Error && error.cause.message ? `: ${error.cause.message}` : ''
  return redact(`${error.message || error.name}${reason}`)
}
