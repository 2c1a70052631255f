import { describe, expect, it } from 'vitest'
import type { Stack, StackEvent, StackRequest, Stacks } from '../../../../scripts/lib/aws/stacks.ts'
import { deployStack } from '../../../../scripts/lib/bootstrap/steps/foundation/stack.ts'
import { recordStep } from '../../support/bootstrap.ts'

const unexpected = () => {
  throw new Error('this call is not expected')
}

/** Stacks that go through the given states, one for each look. */
function playStacks(
  states: readonly (string | undefined)[],
  events: readonly StackEvent[] = [],
  change: Partial<Stacks> = {},
) {
  let look = 0
  const requests: (StackRequest & { readonly call: string })[] = []
  const stacks: Stacks = {
    read: async (name): Promise<Stack | undefined> => {
      const status = states[Math.min(look, states.length - 1)]
      look += 1
      return status === undefined
        ? undefined
        : { name, status, reason: '', parameters: { Stage: 'dev', Old: 'x', Gone: 'y' } }
    },
    summarize: async () => ({ parameters: ['Stage', 'VPCId', 'Old'] }),
    create: async (request) => void requests.push({ call: 'create', ...request }),
    update: async (request) => {
      requests.push({ call: 'update', ...request })
      return true
    },
    newestEvent: async () => 'OLD',
    eventsSince: async (_, id) => (id === undefined ? [event('MA', 'OLD', '')] : [...events]),
    exports: unexpected,
    close: unexpected,
    ...change,
  }
  return { stacks, requests }
}

function event(resource: string, status: string, reason: string): StackEvent {
  return { id: `${resource}-${status}`, at: new Date(0), resource, type: 'AWS::X', status, reason }
}

const wish = { name: 'MA', template: { body: '{}' }, parameters: { Stage: 'dev' } }
const settings = { deadline: 5_000, signal: new AbortController().signal }

describe('Deploying a stack', () => {
  it('creates one that is not there, and waits until it is done', async () => {
    const { stacks, requests } = playStacks([undefined, 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE'])
    const step = recordStep()
    await deployStack(stacks, wish, step, settings)
    expect(requests).toStrictEqual([{ call: 'create', ...wish, kept: [] }])
    expect(step.told).toStrictEqual([
      'wait: CREATE_IN_PROGRESS',
      'done: stack "MA" created (CREATE_COMPLETE)',
    ])
  })
  it('updates one that is there, and keeps what it does not speak of', async () => {
    const { stacks, requests } = playStacks([
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ])
    await deployStack(stacks, wish, recordStep(), settings)
    expect(requests).toMatchObject([{ call: 'update', kept: ['Old'] }])
  })
  it('does not wait for an update that has nothing to update', async () => {
    const { stacks } = playStacks(['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS'], [], {
      update: async () => false,
    })
    const step = recordStep()
    await deployStack(stacks, wish, step, settings)
    expect(step.told).toStrictEqual(['unchanged: stack "MA" is up to date (CREATE_COMPLETE)'])
  })
  it('leaves out what a template may lack, and says so', async () => {
    const { stacks, requests } = playStacks([undefined, 'CREATE_COMPLETE'])
    const step = recordStep()
    const parameters = { Stage: 'dev', New: 'true' }
    await deployStack(stacks, { ...wish, parameters, optional: ['New'] }, step, settings)
    expect(requests).toMatchObject([{ call: 'create', parameters: { Stage: 'dev' } }])
    expect(step.told[0]).toBe('note: leaving out New: not in this template')
  })
  it('refuses to change a parameter that nobody has named', async () => {
    const { stacks, requests } = playStacks(['CREATE_COMPLETE'])
    const other = { ...wish, parameters: { Stage: 'prod' }, assumed: ['Stage'] }
    await expect(deployStack(stacks, other, recordStep(), settings)).rejects.toThrow(
      'stack "MA" was deployed with Stage=dev, but this run defaults to prod',
    )
    expect(requests).toEqual([])
  })
  it('refuses a broken one, and asks nothing more', async () => {
    const { stacks } = playStacks(['ROLLBACK_COMPLETE'], [], { summarize: unexpected })
    await expect(deployStack(stacks, wish, recordStep(), settings)).rejects.toThrow(
      'stack "MA" is in state ROLLBACK_COMPLETE',
    )
  })
  it('refuses a parameter that the template does not declare', async () => {
    const { stacks, requests } = playStacks([undefined])
    const odd = { ...wish, parameters: { CreateSTSEndpoint: 'true' } }
    await expect(deployStack(stacks, odd, recordStep(), settings)).rejects.toThrow(
      'no parameter "CreateSTSEndpoint"',
    )
    expect(requests).toStrictEqual([])
  })
  it('shows the first resources that failed, and none that were merely cancelled', async () => {
    const events = [
      event('MA', 'ROLLBACK_COMPLETE', ''),
      event('B', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('A', 'CREATE_FAILED', 'role not allowed'),
      event('A', 'CREATE_IN_PROGRESS', ''),
    ]
    const { stacks } = playStacks(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'], events)
    const deployed = deployStack(stacks, wish, recordStep(), settings)
    await expect(deployed).rejects.toThrow(
      'ended in UPDATE_ROLLBACK_COMPLETE\n  A (AWS::X) CREATE_FAILED: role not allowed',
    )
    await expect(deployed).rejects.not.toThrow('cancelled')
  })
  it('tells the newest resource while it waits', async () => {
    const events = [event('Vpc', 'CREATE_IN_PROGRESS', ''), event('Role', 'CREATE_COMPLETE', '')]
    const { stacks } = playStacks(
      ['CREATE_COMPLETE', 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE'],
      events,
    )
    const step = recordStep()
    await deployStack(stacks, wish, step, settings)
    expect(step.told[0]).toBe(
      'wait: UPDATE_IN_PROGRESS · Vpc CREATE_IN_PROGRESS · 1 resources done',
    )
  })
  it('gives up at the deadline, and says that the deployment continues', async () => {
    const { stacks } = playStacks([undefined, 'CREATE_IN_PROGRESS'])
    const deployed = deployStack(stacks, wish, recordStep(), { ...settings, deadline: 1 })
    await expect(deployed).rejects.toMatchObject({
      problems: [
        {
          kind: 'timeout',
          message: expect.stringContaining('CREATE_IN_PROGRESS'),
          next: expect.stringContaining('the deployment continues'),
        },
      ],
    })
  })
  it('stops cleanly when it is interrupted', async () => {
    const controller = new AbortController()
    const { stacks } = playStacks([undefined, 'CREATE_IN_PROGRESS'], [], {
      create: async () => controller.abort(),
    })
    const deployed = deployStack(stacks, wish, recordStep(), {
      ...settings,
      signal: controller.signal,
    })
    await expect(deployed).rejects.toMatchObject({ problems: [{ kind: 'interrupted' }] })
  })
})
