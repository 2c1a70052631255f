/** What the relocation of nested charts may take. Charts from the internet decide how many there are. */
export const nestedBudget = {
  /** Levels of charts below the relocated one. */
  depth: 3,
  /** Nested charts in total. */
  charts: 25,
  /** Mappings of a chart's values that may be passed on, and that are tried. */
  candidates: 100,
  /** Scalars that are compared to find these. */
  comparisons: 500_000,
  /** Renders to find out which of them are, for one chart. */
  renders: 8,
} as const
