/** Media types by their rank, as one list; the one of the lowest rank first. */
export const typesByRank = <Type extends string>(ranks: Record<Type, number>): string[] =>
  (Object.keys(ranks) as Type[]).sort((a, b) => ranks[a] - ranks[b])
