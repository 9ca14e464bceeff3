import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { MediaConfig, type PlannedVariant, toLimits } from '../src/index.ts'
import { finishVariant, variantFile } from '../src/pipeline/finish-variant.ts'
import type { VariantMessage } from '../src/sandbox/answers.ts'
import { hostTool } from '../src/sandbox/host-tool.ts'
import { tempDir } from './pool.ts'

export const TOOLS = { ffmpeg: hostTool('ffmpeg'), ffprobe: hostTool('ffprobe') }
const limits = toLimits(MediaConfig.parse({}))

/** Of any type, also one that is never written. */
export type Look = Omit<Partial<PlannedVariant>, 'contentType'> & { contentType: string; [detail: string]: unknown }

const planned = (look: Look): PlannedVariant =>
  ({
    type: 'picture',
    name: 'made',
    required: true,
    extension: 'bin',
    width: 8,
    height: 8,
    refersTo: [],
    fingerprintInput: '',
    ...look,
  }) as unknown as PlannedVariant

/** Announces a file of ours as the pipeline does; resolves with what was announced of it. */
async function announceFile(look: Look, bytes: Uint8Array | string): Promise<VariantMessage[]> {
  const announced: VariantMessage[] = []
  const outDir = await tempDir()
  const context = { file: path.join(outDir, 'source'), outDir, limits, tools: TOOLS }
  const variant = planned(look)
  await writeFile(variantFile(context, variant), bytes)
  await finishVariant({ ...context, announce: message => announced.push(message) }, variant)
  return announced
}

/** Returns why a file is not announced, in words for owners and then for admins; `announced` when it is. */
export const verdict = (look: Look, bytes: Uint8Array | string): Promise<string> =>
  announceFile(look, bytes).then(
    () => 'announced',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}. ${error.cause ?? ''}`,
  )

/** Runs ffmpeg on files of ours. */
export const ffmpeg = (...args: string[]) => promisify(execFile)(TOOLS.ffmpeg, ['-v', 'error', ...args])
