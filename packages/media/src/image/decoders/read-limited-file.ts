import { readFile, stat } from 'node:fs/promises'
import { MediaFault } from '../../fault.ts'

const MIB = 1024 * 1024
const MAX_BYTES = 256 * MIB

/**
 * Reads the bytes of a file whose decoder takes nothing less than all of them.
 * @throws MediaFault RESOURCE_LIMIT when they are more than `maxBytes`
 */
export async function readLimitedFile(file: string, maxBytes: number = MAX_BYTES): Promise<Buffer> {
  const { size } = await stat(file)
  if (size <= maxBytes) return await readFile(file)
  throw new MediaFault('RESOURCE_LIMIT', `Files of this type can have at most ${maxBytes / MIB} MiB`)
}
