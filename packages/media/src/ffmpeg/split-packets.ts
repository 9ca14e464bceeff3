/** The list of packets comes first, with a line for each; the line after its end opens what is said of the file. */
const ABOUT_BEGINS = /^ {4}"(?!packets")\w+":/

/**
 * Returns what takes ffprobe's output: it hears each line of the packets, and as JSON what comes behind them. There may be millions of
 * packets, and no tag is among them.
 */
export function splitPackets(
  onLine: (line: string) => void,
  onAbout: (chunk: Buffer) => void,
): (chunk: Buffer) => void {
  let rest = ''
  let isBehind = false
  return chunk => {
    if (isBehind) return onAbout(chunk)
    const lines = (rest + chunk.toString('latin1')).split('\n')
    const end = lines.findIndex(line => ABOUT_BEGINS.test(line))
    isBehind = end !== -1
    rest = isBehind ? '' : (lines.pop() ?? '')
    for (const line of isBehind ? lines.slice(0, end) : lines) onLine(line)
    if (isBehind) onAbout(Buffer.from(`{${lines.slice(end).join('\n')}`, 'latin1'))
  }
}
