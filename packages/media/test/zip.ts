import { crc32 } from 'node:zlib'

type Entry = string | { deflated: Buffer; bytes: number }

const STORED = 0
const DEFLATED = 8

/** Makes a ZIP file of these entries, stored or already deflated. */
export function zip(entries: Record<string, Entry>): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  for (const [name, entry] of Object.entries(entries)) {
    const offset = lengthOf(files)
    const { fields, data } = describeEntry(entry)
    files.push(Buffer.concat([Buffer.from('PK\x03\x04'), fields, nameFields(name, 2), Buffer.from(name), data]))
    const position = Buffer.alloc(12)
    position.writeUInt32LE(offset, 8)
    const head = [Buffer.from('PK\x01\x02\x14\x00'), fields, nameFields(name, 4), position]
    directory.push(Buffer.concat([...head, Buffer.from(name)]))
  }
  return Buffer.concat([...files, ...directory, endOf(files, directory)])
}

const lengthOf = (parts: Buffer[]) => parts.reduce((sum, part) => sum + part.length, 0)

/** Describes an entry by the fields from "version needed" to "uncompressed size", which both headers have. */
function describeEntry(entry: Entry): { fields: Buffer; data: Buffer } {
  const data = typeof entry === 'string' ? Buffer.from(entry) : entry.deflated
  const fields = Buffer.alloc(22)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(typeof entry === 'string' ? STORED : DEFLATED, 4)
  fields.writeUInt32LE(typeof entry === 'string' ? crc32(data) : 0, 10)
  fields.writeUInt32LE(data.length, 14)
  fields.writeUInt32LE(typeof entry === 'string' ? data.length : entry.bytes, 18)
  return { fields, data }
}

/** Writes the length of the name, and of the following fields, which are empty. */
function nameFields(name: string, bytes: number): Buffer {
  const fields = Buffer.alloc(bytes + 2)
  fields.writeUInt16LE(Buffer.byteLength(name), 0)
  return fields
}

function endOf(files: Buffer[], directory: Buffer[]): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(lengthOf(directory), 12)
  end.writeUInt32LE(lengthOf(files), 16)
  return end
}
