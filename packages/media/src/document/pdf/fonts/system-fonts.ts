import { readFileSync } from 'node:fs'
import type { PdfiumMemory } from '../pdfium.ts'
import { fontOfCharset, fontOfTheRest } from './font-files.ts'

/** Version and eight functions of `FPDF_SYSFONTINFO` (fpdf_sysfontinfo.h). */
const STRUCT_BYTES = 9 * 4
const VERSION = 1
const ANSI = 0
const WHOLE_FILE = 0

/** What the renderer does at the moment: while it reads a page, it asks for fonts; while it draws one, for letters that they lack. */
export interface FontState {
  isReading: boolean
}

/** Lets the renderer have the fonts of this machine; returns the address of the `FPDF_SYSFONTINFO` to be set. */
export function provideSystemFonts(memory: PdfiumMemory, state: FontState): number {
  const files = new Map<string, Buffer>()
  const read = (path: string): Buffer => {
    const data = files.get(path) ?? readFileSync(path)
    files.set(path, data)
    return data
  }
  const asked: { data: Buffer; charset: number }[] = []
  const fontOf = (handle: number) => asked[handle - 1]

  const mapFont = (_self = 0, _weight = 0, _italic = 0, charset = 0): number => {
    const path = charset === ANSI && !state.isReading ? fontOfTheRest() : fontOfCharset(charset)
    return path === undefined ? 0 : asked.push({ data: read(path), charset })
  }
  const getFontData = (_self = 0, handle = 0, table = 0, pointer = 0, bytes = 0): number => {
    const data = fontOf(handle)?.data
    if (!data || table !== WHOLE_FILE) return 0
    if (pointer !== 0 && bytes >>> 0 >= data.length) memory.HEAPU8.set(data, pointer >>> 0)
    return data.length
  }
  // A function is known by one signature, so each of these is another.
  const functions: [(...args: number[]) => number, string][] = [
    [() => 0, 'vi'],
    [() => 0, 'vii'],
    [mapFont, 'iiiiiiii'],
    [() => 0, 'iii'],
    [getFontData, 'iiiiii'],
    [() => 0, 'iiiii'],
    [(_self = 0, handle = 0) => fontOf(handle)?.charset ?? ANSI, 'iii'],
    [() => 0, 'vii'],
  ]
  const addresses = functions.map(([callback, signature]) => memory.addFunction(callback, signature))
  const pointer = memory.wasmExports.malloc(STRUCT_BYTES)
  const struct = new DataView(memory.HEAPU8.buffer, pointer, STRUCT_BYTES)
  for (const [at, value] of [VERSION, ...addresses].entries()) struct.setInt32(at * 4, value, true)
  return pointer
}
