/** The rates of calls on repositories are not published: few at a time, and 40 a second at most. */
export const repositoryPace = { concurrency: 4, interval: 25 }
