/** A hole of an engine, and the first version without it. */
interface Advisory {
  engine: string
  fixedIn: string
  id: string
}

/** Holes that a file from outside can reach. Distributions repair older numbers of ffmpeg, so its number says nothing. */
const ADVISORIES: readonly Advisory[] = [
  { engine: 'sharp', fixedIn: '0.35.4', id: 'GHSA-f88m-g3jw-g9cj, GHSA-rgj7-g3m4-5g8c' },
  { engine: 'libvips', fixedIn: '8.14.4', id: 'CVE-2023-40032' },
  { engine: 'libwebp', fixedIn: '1.3.2', id: 'CVE-2023-4863' },
]

/** Lists the known holes of these versions, as texts for a person. An engine of unknown version has none. */
export const advisoriesOf = (versions: Readonly<Record<string, string>>): string[] =>
  ADVISORIES.flatMap(({ engine, fixedIn, id }) => {
    const found = versions[engine]
    return found && isOlder(found, fixedIn) ? [`${engine} ${found} has ${id}, fixed in ${fixedIn}`] : []
  })

function isOlder(version: string, than: string): boolean {
  const [found, wanted] = [numbersOf(version), numbersOf(than)]
  const index = wanted.findIndex((number, position) => number !== (found[position] ?? 0))
  return index >= 0 && (found[index] ?? 0) < (wanted[index] ?? 0)
}

const numbersOf = (version: string): number[] => version.split(/[.-]/).map(part => Number.parseInt(part, 10) || 0)
