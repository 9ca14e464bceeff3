/** What fills the sections of one document, by the names of its markers. */
export type Sections = Record<string, () => string>

/**
 * Writes every section of a document anew. A section stands between `<!-- generated: name -->` and `<!-- end -->`, in a line
 * or over several; what is around them is left as it is.
 * @throws Error when a marker or a section is missing
 */
export function fillSections(text: string, sections: Sections): string {
  const missing = new Set(Object.keys(sections))
  const filled = text.replace(/(<!-- generated: (\S+) -->)([\s\S]*?)(<!-- end -->)/g, (_, start, name, before, end) => {
    const generate = sections[name]
    if (!generate) throw new Error(`nothing generates the section "${name}"`)
    missing.delete(name)
    const isBlock = before.startsWith('\n') || before === ''
    return isBlock ? `${start}\n\n${generate()}\n\n${end}` : `${start}${generate()}${end}`
  })
  if (missing.size > 0) throw new Error(`the document has no marker for: ${[...missing].join(', ')}`)
  return filled
}
