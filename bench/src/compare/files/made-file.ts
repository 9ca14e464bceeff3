/** A file that is made to be compared. */
export interface MadeFile {
  title: string
  declaredType: string
  /** Whether `npm test` compares it; the others are for `npm run compare`. */
  isInTests?: boolean
  /** Writes it into an empty folder; `sec` is the length of a video, other files have one of their own. @returns its path */
  make(folder: string, sec?: number): Promise<string>
}
