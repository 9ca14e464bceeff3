import { z } from 'zod'

const MAX_LENGTH = 500

/** Normalizes a path: `/2026//Summer/` becomes `2026/Summer`. */
const normalizeFolder = (path: string): string =>
  path
    .normalize('NFC')
    .split('/')
    .map(name => name.trim())
    .filter(name => name !== '')
    .join('/')

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be in it
const CONTROL = /[\u0000-\u001f\u007f]/

const isPrintable = (path: string): boolean => path.isWellFormed() && !CONTROL.test(path)

const isPath = (path: string): boolean => path.split('/').every(name => !['.', '..'].includes(name.trim()))

/** A folder as clients write it; read as its one normal form. Empty is the top. */
export const Folder = z
  .string()
  .max(MAX_LENGTH)
  .refine(isPrintable, 'expected Unicode text without control characters, such as line breaks')
  .refine(isPath, 'expected names separated by slashes, none of them "." or ".."')
  .transform(normalizeFolder)
  .meta({ description: 'Path of a folder; empty for the root.', example: '2026/summer' })
