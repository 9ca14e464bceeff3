import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startPool } from '../measure/media-pool.ts'
import { type Comparison, compareFile, type SourceFile } from './compare-file.ts'
import { filesOfCorpus, MADE_FILES, makeFile } from './files/index.ts'

/** Compares the shared corpus and all made files, one after the other; progress goes to stderr. `folder` is empty. */
export async function compareAllFiles(
  folder: string,
  isWanted: (title: string) => boolean = () => true,
): Promise<Comparison[]> {
  const [tempDir, sources] = [join(folder, 'pool'), join(folder, 'sources')]
  await mkdir(tempDir)
  const pool = await startPool(tempDir, 1, { acceptsSvg: true })
  try {
    const all: Comparison[] = []
    const files: (() => Promise<SourceFile>)[] = [
      ...filesOfCorpus().map(file => ({ title: file.title, get: async () => file })),
      ...MADE_FILES.map(made => ({ title: made.title, get: () => makeFile(made, sources) })),
    ].flatMap(({ title, get }) => (isWanted(title) ? [get] : []))
    for (const [index, getFile] of files.entries()) {
      const file = await getFile()
      process.stderr.write(`\r${index + 1}/${files.length} ${file.title.padEnd(50)}`)
      all.push(...(await compareFile(pool, file, tempDir)))
    }
    process.stderr.write('\n')
    return all
  } finally {
    await pool.close()
  }
}
