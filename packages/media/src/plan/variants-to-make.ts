interface Making {
  name: string
  fingerprint: string
  /** Names of the variants whose place in the store its text tells. */
  refersTo: readonly string[]
}

type Standing = ReadonlyMap<string, { fingerprint: string }>

/**
 * Returns which variants have to be made: those that do not stand, and those that point to one that is made, because it gets a new
 * name in the store. Variants that point to each other are made together.
 */
export function variantsToMake(variants: readonly Making[], standing: Standing): ReadonlySet<string> {
  const stands = ({ name, fingerprint }: Making) => standing.get(name)?.fingerprint === fingerprint
  return closure(variants, standing, variant => !stands(variant))
}

/**
 * Returns which variants have to be made for some to be made again: these, whether they stand or not, and those that point to one
 * of them. What stands for something else by now is left as it is.
 */
export const variantsToRemake = (
  variants: readonly Making[],
  standing: Standing,
  only: ReadonlySet<string>,
): ReadonlySet<string> => closure(variants, standing, ({ name }) => only.has(name))

function closure(
  variants: readonly Making[],
  standing: Standing,
  isWanted: (variant: Making) => boolean,
): ReadonlySet<string> {
  const making = new Set(variants.filter(isWanted).map(({ name }) => name))
  /** It would lead to nothing otherwise. */
  const isMissed = (name: string) =>
    !standing.has(name) && variants.some(other => making.has(other.name) && other.refersTo.includes(name))
  const isTouched = ({ name, refersTo }: Making) =>
    !making.has(name) && (refersTo.some(other => making.has(other)) || isMissed(name))
  for (let touched = variants.filter(isTouched); touched.length > 0; touched = variants.filter(isTouched)) {
    for (const { name } of touched) making.add(name)
  }
  return making
}
