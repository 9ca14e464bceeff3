import { access, constants, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Tools } from '../sandbox/protocol.ts'

/**
 * Finds ffmpeg and ffprobe: in `FFMPEG_PATH` (the folder, or ffmpeg itself with ffprobe beside it), else on the PATH.
 * @returns absolute paths; null unless both are there
 */
export async function findTools(env: Record<string, string | undefined>): Promise<Tools | null> {
  const { FFMPEG_PATH, PATH = '' } = env
  const folders = FFMPEG_PATH ? [await folderOf(path.resolve(FFMPEG_PATH))] : PATH.split(path.delimiter)
  const find = async (name: string) => {
    for (const folder of folders) {
      const file = path.join(folder, name)
      if (path.isAbsolute(file) && (await isExecutable(file))) return file
    }
    return null
  }
  const [ffmpeg, ffprobe] = await Promise.all([find('ffmpeg'), find('ffprobe')])
  return ffmpeg && ffprobe ? { ffmpeg, ffprobe } : null
}

async function folderOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  return found?.isDirectory() ? file : path.dirname(file)
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
