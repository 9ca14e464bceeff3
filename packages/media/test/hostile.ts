import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { appError } from '@darkroom/contracts'
import { silentLogger } from '@darkroom/core'
import type { Limits } from '../src/index.ts'
import { candidates, type Isolation, type SandboxAccess } from '../src/sandbox/isolation.ts'
import { type MediaProcess, type MediaProcessOptions, startMediaProcess } from '../src/sandbox/media-process.ts'
import type { Act } from './fixtures/hostile-child.ts'
import { markedLimits, TEMP_ROOT } from './pool.ts'

const ENTRY = fileURLToPath(new URL('./fixtures/hostile-child.ts', import.meta.url))

/** Every kind of sandbox, also those that this host would not choose. */
export const LEVELS = ['bubblewrap', 'landlock', 'unshare', 'guard', 'off'] as const
export type Level = (typeof LEVELS)[number]

export function isolationOf(level: Level, limits: Limits): Isolation {
  const found = candidates(limits, null).find(({ name }) => name === level)
  return { name: 'off', level: 'reduced', prefix: () => [], hasPidNamespace: false, keepsGroup: false, ...found }
}

export interface Hostile {
  media: MediaProcess
  /** Has it done; `failed: <code>` when it could not. */
  act(act: Act): Promise<unknown>
  end(): Promise<void>
}

/** Starts a decoder that an attacker has taken over, in a sandbox of this kind. */
export async function startHostile(
  isolation: Isolation,
  access: SandboxAccess,
  limits: Limits,
  options: Partial<MediaProcessOptions> = {},
): Promise<Hostile> {
  const settings = { limits, threads: 1, tools: null, codeDir: null }
  const media = startMediaProcess({ isolation, access, settings, logger: silentLogger, entry: ENTRY, ...options })
  await media.ready
  return {
    media,
    act: act => media.call({ method: 'probe', params: { file: JSON.stringify(act), declaredType: '' } }),
    end: async () => {
      media.kill(appError('UNAVAILABLE'))
      await media.gone
    },
  }
}

/** Finds the kinds of sandbox that this host allows, and prints why it does not allow the others. */
export async function usableLevels(): Promise<Set<Level>> {
  const usable = new Set<Level>()
  for (const level of LEVELS) {
    const limits = markedLimits()
    const started = startHostile(isolationOf(level, limits), { folder: TEMP_ROOT }, limits)
    await started.then(
      hostile => hostile.end().then(() => usable.add(level)),
      error => console.warn(`skipped: the sandbox ${level}: ${error.context?.stderr ?? error}`),
    )
  }
  return usable
}

/**
 * Lists the ids of the processes on this host whose command line contains `marker`, without those that only pass it on.
 */
export const processesNamed = (marker: string): number[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => commandLine(pid).includes(marker))
    .map(Number)

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
