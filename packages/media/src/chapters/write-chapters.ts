import { writeFile } from 'node:fs/promises'
import type { Chapter } from '../facts.ts'
import { type FinishContext, finishVariant, variantFile } from '../pipeline/finish-variant.ts'
import { chaptersVtt } from './chapters-vtt.ts'
import type { PlannedChapters } from './planned.ts'

/** Writes the chapters of a file and announces them. */
export async function writeChapters(
  context: FinishContext & { facts: { chapters: readonly Chapter[] } },
  planned: PlannedChapters,
): Promise<void> {
  const bytes = Buffer.from(chaptersVtt(context.facts.chapters))
  await writeFile(variantFile(context, planned), bytes)
  await finishVariant(context, planned, planned, bytes)
}
