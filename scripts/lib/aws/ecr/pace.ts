/** Pace of calls on repositories, whose rate limits are not published: a few at a time, at most 40 per second. */
export const repositoryPace = { concurrency: 4, interval: 25 }
