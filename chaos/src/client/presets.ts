import { Backfill, type PresetDefinition } from '@darkroom/contracts'
import { z } from 'zod'
import type { Caller } from './caller.ts'
import { UnexpectedAnswer } from './client.ts'

const Version = z.object({ version: z.int() })
const Applied = z.object({ backfill: Backfill })

async function post(caller: Caller, path: string, json: object, statuses: readonly number[]): Promise<unknown> {
  // The same key at every try: an answer that was lost must not begin it twice.
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const answer = await caller.call('POST', path, { json, headers })
  if (!statuses.includes(answer.status)) throw new UnexpectedAnswer(`POST ${path}`, answer)
  return answer.body
}

/** Adds a version of a preset. @returns its number */
export async function createPreset(caller: Caller, name: string, definition: PresetDefinition): Promise<number> {
  return Version.parse(await post(caller, '/v1/presets', { name, definition }, [200, 201])).version
}

/** Begins to move the assets that have the preset to a version of it. */
export async function applyPreset(
  caller: Caller,
  name: string,
  options: { version: number; canary?: number },
): Promise<Backfill> {
  return Applied.parse(await post(caller, `/v1/presets/${name}/apply`, options, [202])).backfill
}

export async function readBackfill(caller: Caller, id: string): Promise<Backfill> {
  const answer = await caller.call('GET', `/v1/backfills/${id}`)
  if (answer.status !== 200) throw new UnexpectedAnswer(`GET /v1/backfills/${id}`, answer)
  return Applied.parse(answer.body).backfill
}
