type Defined<T> = { [Name in keyof T]: Exclude<T[Name], undefined> }

/** Returns what is given: a request has no field that is undefined. */
export const definedOf = <T extends object>(given: T): Defined<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>
