import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Input, Maker } from '../maker.ts'

const ENTRY = fileURLToPath(new URL('./document-child.ts', import.meta.url))

/** Runs pdfium and sharp in one process that is started for each document, as ffmpeg is for each video. */
export const bareDocument = async (): Promise<Maker> => ({
  id: 'bare',
  label: 'pdfium and sharp in one new process',
  async make(input, workDir) {
    await drawDocument(input, workDir)
    return 0
  },
  close: async () => undefined,
})

/** Makes pages and text of the document of this name in a folder, beside it. */
export async function drawDocument(
  { name, variants }: Pick<Input, 'name' | 'variants'>,
  workDir: string,
): Promise<void> {
  const work = { file: join(workDir, name), outDir: workDir, variants }
  await promisify(execFile)(process.execPath, ['--no-warnings', ENTRY, JSON.stringify(work)])
}
