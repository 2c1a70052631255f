import type { Difference } from '../../model/repository/drift.ts'
import { emptyAdvice } from './unfilled-text.ts'
import type { Report } from './report.ts'

/** The changes to repositories, and the settings that differ from the request. */
export interface RepositoriesView {
  readonly hasAny: boolean
  readonly lists: readonly RepositoryList[]
  readonly drift: readonly DriftRow[]
}

interface RepositoryList {
  readonly title: string
  readonly size: number
  readonly isLong: boolean
  readonly names: readonly string[]
}

interface DriftRow {
  readonly repository: string
  readonly setting: string
  readonly is: string
  readonly wanted: string
  readonly fate: string
}

const long = 12

const settings: Readonly<Record<Difference['setting'], string>> = {
  mutability: 'mutability',
  encryption: 'encryption',
  scanOnPush: 'scan on push',
  lifecyclePolicy: 'lifecycle policy',
  repositoryPolicy: 'repository policy',
  tags: 'tags',
}

/** Returns the view of a report's repositories for its page. */
export function viewRepositories(report: Report): RepositoriesView {
  const { repositoriesCreated, repositoriesEmpty, repositories } = report
  const { drift = [], changed = [], left = [], update = false } = repositories ?? {}
  const lists = [
    listOf('Created', repositoriesCreated),
    listOf(`Created but empty (${emptyAdvice})`, repositoriesEmpty),
    listOf('Changed as requested', changed),
    listOf('Created by ECR on push', left),
  ].filter(({ size }) => size > 0)
  const rows = drift.flatMap(({ repository, differences }) =>
    differences.map(({ setting, is, wanted, changeable }) => ({
      repository,
      setting: settings[setting],
      is: is,
      wanted: wanted,
      fate: fateOf(changeable, update, changed.includes(repository)),
    })),
  )
  return { hasAny: lists.length + rows.length > 0, lists, drift: rows }
}

function listOf(title: string, names: readonly string[]): RepositoryList {
  return { title, size: names.length, isLong: names.length > long, names }
}

function fateOf(changeable: boolean, update: boolean, isChanged: boolean): string {
  if (!changeable) return 'unchanged: ECR cannot change it'
  if (isChanged) return 'changed'
  return update ? 'not changed' : 'unchanged: rerun with --update-repositories to change it'
}
