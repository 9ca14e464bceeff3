import type { Facts, PlannedVariant } from '@darkroom/media'

/** A file to work on, and what Darkroom would make of it. */
export interface Input {
  /** Below the folder that Darkroom's processes see. */
  file: string
  name: string
  contentType: string
  facts: Facts
  variants: PlannedVariant[]
}

/** Makes every planned file of an input, under the name that `outputFile` says. */
export interface Maker {
  id: string
  label: string
  /**
   * `workDir` is empty but for a link to the input under its name.
   * @returns milliseconds until its process was ready; 0 for one that is up, or that does not tell
   */
  make(input: Input, workDir: string): Promise<number>
  close(): Promise<void>
}

export const outputName = ({ name, extension }: Pick<PlannedVariant, 'name' | 'extension'>): string =>
  `${name}.${extension}`
