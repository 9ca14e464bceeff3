import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { MediaFault } from '../fault.ts'
import type { SniffContext, SniffResults } from './context.ts'
import { isText } from './text.ts'

/** Names that mean one of our types. An animated PNG is a PNG to browsers, and so to whoever declares it. */
const SAME_AS: Record<string, string> = { 'image/apng': 'image/png' }

const HEAD_BYTES = 4096

export const sniffStep = {
  name: 'sniffed',
  async run({ file }: SniffContext): Promise<SniffResults['sniffed']> {
    const found = (await fileTypeFromFile(file))?.mime
    if (found) return { type: SAME_AS[found] ?? found, text: false }
    return { type: null, text: isText(await readHead(file)) }
  },
} as const

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    if (bytesRead === 0) throw new MediaFault('EMPTY_FILE', 'The file has no bytes')
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
