import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Check, type Finding, fault, fine, warning } from '@darkroom/core/checks'
import { advisoriesOf } from './advisories.ts'
import { ffmpegVersion } from './ffmpeg/ffmpeg-version.ts'
import { findTools } from './ffmpeg/find-tools.ts'
import type { Limits } from './limits.ts'
import { findIsolation } from './sandbox/isolation.ts'
import { versions } from './versions.ts'

export interface MachineCheckContext {
  env: Record<string, string | undefined>
  /** Of running jobs; made when missing. */
  tempDir: string
  maxUploadBytes: number
  sandbox: 'auto' | 'required' | 'off'
  limits: Limits
}

const GB = 1e9

/** Whether this machine can process media, and how well it is protected from them. */
export const MACHINE_CHECKS: readonly Check<MachineCheckContext>[] = [
  {
    id: 'machine.images',
    title: 'the decoders of images are there, without known holes',
    cause: 'An older version is installed than the one of package-lock.json.',
    fix: 'npm ci',
    async look() {
      const found = versions()
      const seen = Object.entries(found).map(([name, version]) => `${name} ${version || 'missing'}`)
      const holes = advisoriesOf(found)
      return holes.length > 0 ? fault(holes.join('; ')) : fine(seen.join(', '))
    },
  },
  {
    id: 'machine.ffmpeg',
    title: 'ffmpeg is there, for video and audio',
    cause: 'ffmpeg and ffprobe are not installed, or not on the PATH.',
    fix: 'Install ffmpeg (apt-get install ffmpeg), or set FFMPEG_PATH. Without it, video and audio wait for another worker.',
    async look({ env }) {
      const tools = await findTools(env)
      const version = tools && (await ffmpegVersion(tools))
      return version
        ? fine(`${version}; holes: security-tracker.debian.org/tracker/source-package/ffmpeg`)
        : warning('missing')
    },
  },
  {
    id: 'machine.temp',
    title: 'the folder for temporary files can be written to',
    cause: 'WORKER_TEMP_DIR belongs to another user, is on a read-only file system, or is no folder.',
    fix: 'Give the worker a folder of its own: WORKER_TEMP_DIR.',
    async look({ tempDir }) {
      const parent = await nearestFolder(tempDir)
      const folder = await mkdtemp(join(parent, 'darkroom-doctor-'))
      await writeFile(join(folder, 'written'), 'written')
      await rm(folder, { recursive: true })
      return fine(tempDir)
    },
  },
  {
    id: 'machine.temp-space',
    title: 'the folder for temporary files has room for the largest upload',
    cause:
      'The disk, or the tmpfs of the container, is smaller than MAX_UPLOAD_BYTES. A job needs the original and its variants.',
    fix: 'Set WORKER_TEMP_DIR to a larger disk, or lower MAX_UPLOAD_BYTES.',
    needs: ['machine.temp'],
    async look({ tempDir, maxUploadBytes }) {
      const { bavail, bsize } = await statfs(await nearestFolder(tempDir))
      const seen = `${inGb(bavail * bsize)} free, uploads of up to ${inGb(maxUploadBytes)}`
      return bavail * bsize < maxUploadBytes ? warning(seen) : fine(seen)
    },
  },
  {
    id: 'machine.sandbox',
    title: 'decoders run in a full sandbox',
    cause: 'The host gives no namespaces and no Landlock, or bubblewrap is not installed.',
    fix: 'docs/how-to/operate.md, “Reduced sandbox”.',
    needs: ['machine.temp'],
    look: sandboxFinding,
  },
]

const inGb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`

/** Returns the folder itself, or the one that it would be made in. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await statfs(folder)
    return folder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error
    return nearestFolder(dirname(folder))
  }
}

async function sandboxFinding({ env, tempDir, limits, sandbox }: MachineCheckContext): Promise<Finding> {
  const folder = await mkdtemp(join(await nearestFolder(tempDir), 'darkroom-doctor-'))
  try {
    const tools = await findTools(env)
    const found = await findIsolation({ limits, sandbox: sandbox === 'off' ? 'off' : 'auto', tools, folder })
    if (found.level === 'full') return fine(found.name)
    const seen = `${found.name}: ${found.reason ?? ''}`
    return sandbox === 'required' ? fault(`${seen}; workers do not start`) : warning(seen)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
