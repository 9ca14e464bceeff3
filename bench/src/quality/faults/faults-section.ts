import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaPool } from '@darkroom/media'
import { AUDIO_FAULTS } from './audio-faults.ts'
import { DOCUMENT_FAULTS } from './document-faults.ts'
import type { Fault, Found } from './fault.ts'
import { faultBed } from './fault-bed.ts'
import { IMAGE_FAULTS } from './image-faults.ts'
import { ORIENTATION_FAULTS } from './orientation-faults.ts'
import { sideBySide } from './side-by-side.ts'
import { VIDEO_FAULTS } from './video-faults.ts'

const FAULTS = [...ORIENTATION_FAULTS, ...DOCUMENT_FAULTS, ...IMAGE_FAULTS, ...VIDEO_FAULTS, ...AUDIO_FAULTS].toSorted(
  (one, other) => one.row - other.row,
)

const HEAD = `## Bugs found and fixed

Some 400 real and generated files were processed once, and every frame, sample and page was compared with the input. These bugs were
found, numbered as in issue 16, which has the values of _before_. _Now_ was measured when this page was generated, through the sandboxed pipeline;
"naive" is the output of the underlying tool for the same file, in the same run. Each row has a test that fails when the bug returns.`

interface Shown {
  fault: Fault
  found: Found
  /** Name of its image below docs/images. */
  image: string | null
}

/** Measures every fault. @returns the section, and whether all is right. `tempDir` is the pool's. */
export async function faultsSection(pool: MediaPool, tempDir: string, imageDir: string) {
  const bed = faultBed(pool, tempDir)
  const shown: Shown[] = []
  for (const [index, fault] of FAULTS.entries()) {
    process.stderr.write(`\rfault ${index + 1}/${FAULTS.length} `)
    const found = await fault.measure(bed)
    const image = found.sides ? `fault-${fault.row}-${index + 1}.webp` : null
    if (found.sides && image) await writeFile(join(imageDir, image), await sideBySide(found.sides))
    shown.push({ fault, found, image })
  }
  process.stderr.write('\n')
  const wrong = shown.filter(({ found }) => !found.isRight)
  return { text: [HEAD, table(shown), ...images(shown)].join('\n\n'), wrong: wrong.map(({ fault }) => fault.fault) }
}

const table = (shown: readonly Shown[]): string =>
  [
    '|  | bug | before | expected | now | correct | test |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...shown.map(({ fault: { row, fault, before, expected, test }, found: { now, isRight } }) => {
      const link = `[${test.split('/').at(-1)?.replace('.test.ts', '')}](../${test})`
      return `| ${row} | ${fault} | ${before} | ${expected} | ${now} | ${isRight ? 'yes' : '**no**'} | ${link} |`
    }),
  ].join('\n')

const images = (shown: readonly Shown[]): string[] =>
  shown.flatMap(({ fault: { row, fault }, image }) =>
    image ? [`**${row}.** ${fault}\n\n![${fault}](images/${image})`] : [],
  )
