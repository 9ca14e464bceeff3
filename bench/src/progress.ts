/** Prints a line of progress to stderr; results go to stdout. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
