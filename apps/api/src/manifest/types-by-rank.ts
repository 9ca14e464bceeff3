/** Sorts media types by rank, the lowest first. */
export const typesByRank = <Type extends string>(ranks: Record<Type, number>): string[] =>
  (Object.keys(ranks) as Type[]).sort((a, b) => ranks[a] - ranks[b])
