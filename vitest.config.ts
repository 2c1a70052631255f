import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Entries run on the test's own Node, with tsx; only end-to-end tests may use another one.
          env: { ECR_AIRLIFT_TEST_NODE: '' },
          // Property tests take seconds, and several times that on a busy machine.
          testTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Each file runs its own sandbox with the real tools; two cores can run two at a time.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
