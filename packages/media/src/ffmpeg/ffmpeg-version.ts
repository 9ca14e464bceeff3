import type { Tools } from '../sandbox/protocol.ts'
import { runTool } from './run-tool.ts'

const TIMEOUT_MS = 10_000

/** Found before in this process, by the path of the program: a start of ffmpeg takes 60 ms of CPU time and more. */
const known = new Map<string, string>()

/** Returns what ffmpeg calls itself, such as `5.1.9-0+deb12u1`; null when it does not start. Security fixes come by this number. */
export async function ffmpegVersion({ ffmpeg }: Tools): Promise<string | null> {
  const version = known.get(ffmpeg) ?? (await askVersion(ffmpeg))
  if (version !== null) known.set(ffmpeg, version)
  return version
}

async function askVersion(ffmpeg: string): Promise<string | null> {
  let text = ''
  const onStdout = (chunk: Buffer) => {
    text += chunk.toString('utf8')
  }
  const { code } = await runTool({ command: ffmpeg, args: ['-version'], cwd: '/', timeoutMs: TIMEOUT_MS, onStdout })
  return (code === 0 && /^ffmpeg version (\S+)/.exec(text)?.[1]) || null
}
