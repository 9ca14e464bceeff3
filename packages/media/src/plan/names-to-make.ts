interface Making {
  name: string
  fingerprint: string
  /** Names of the variants whose place in the store its text tells. */
  refersTo: readonly string[]
}

/**
 * Which variants have to be made: those that do not stand, and those that point to one that is made, because it gets a new
 * name in the store. Variants that point to each other are made together.
 */
export function namesToMake(
  variants: readonly Making[],
  standing: ReadonlyMap<string, { fingerprint: string }>,
): ReadonlySet<string> {
  const stands = ({ name, fingerprint }: Making) => standing.get(name)?.fingerprint === fingerprint
  const making = new Set(variants.filter(variant => !stands(variant)).map(({ name }) => name))
  const isTouched = ({ name, refersTo }: Making) => !making.has(name) && refersTo.some(other => making.has(other))
  for (let touched = variants.filter(isTouched); touched.length > 0; touched = variants.filter(isTouched)) {
    for (const { name } of touched) making.add(name)
  }
  return making
}
