/** A line for whoever waits; figures go to stdout, this to stderr. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`)
}
