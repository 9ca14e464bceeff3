/** A parameter of an operation, as the OpenAPI document has it. */
export interface OfferedParameter {
  name: string
  in: string
  schema: { enum?: string[] }
}

/** One query of a list: what it is named by, and its parameters. */
export interface QueryCase {
  /** The filters that it has, such as `kind + tag`. */
  filters: string
  query: Record<string, string>
}

/** What a list has besides filters. */
const NO_FILTERS = ['limit', 'cursor', 'sort', 'view']

/**
 * Lists every filter that an operation offers and every pair of them, with every value, in every order that it offers.
 * Values of a closed list are taken from the document.
 * @param samples values of the other filters: that many assets have, that few have and that none has
 * @throws when the operation offers a filter that has no sample
 */
export function queryCases(
  parameters: readonly OfferedParameter[],
  samples: Readonly<Record<string, readonly string[]>>,
): QueryCase[] {
  const offered = parameters.filter(parameter => parameter.in === 'query')
  const sorts = offered.find(({ name }) => name === 'sort')?.schema.enum ?? []
  const filters = offered.filter(({ name }) => !NO_FILTERS.includes(name))
  const values = filters.map(({ name, schema }) => {
    const own = samples[name] ?? schema.enum
    if (!own) throw new Error(`the filter ${name} needs samples: what much has, what little has and what nothing has`)
    return own.map((value): Record<string, string> => ({ [name]: value }))
  })
  const pairs = values.flatMap((ones, index) =>
    values.slice(index + 1).flatMap(others => ones.flatMap(one => others.map(other => ({ ...one, ...other })))),
  )
  return [{}, ...values.flat(), ...pairs].flatMap(filter =>
    (sorts.length === 0 ? [null] : sorts).map(sort => ({
      filters: Object.keys(filter).join(' + ') || 'nothing',
      query: { ...filter, ...(sort !== null && { sort }) },
    })),
  )
}
