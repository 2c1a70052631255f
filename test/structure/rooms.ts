/** A folder or file of the project with rules of its own. */
export interface Room {
  /** From the project's root. A file belongs to the deepest room that holds it. */
  readonly path: string
  /** Rooms that its files may import, by path; `*` for all, faces or not: tests look behind them. */
  readonly mayImport: readonly string[] | '*'
  /** Files that other rooms may import, by path from the room; `*` for all of them. */
  readonly face: readonly string[] | '*'
}
