/** A folder or file of the project with its own rules. */
export interface Room {
  /** Path from the project's root. A file belongs to the deepest room that contains it. */
  readonly path: string
  /** Rooms that its files may import, by path; `*` for all rooms and all their files, as for tests. */
  readonly mayImport: readonly string[] | '*'
  /** Files that other rooms may import, by path from the room; `*` for all of them. */
  readonly face: readonly string[] | '*'
}
