import type { JsonSchema } from '@dozlab/charts/schema';

const text = (description: string, more: JsonSchema = {}): JsonSchema => ({ type: 'string', description, ...more });

const time = (description: string): JsonSchema => text(description, { format: 'date-time' });

const fields = (properties: Record<string, JsonSchema>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
});

const condition = fields(
  {
    type: text('Type of the condition.', { maxLength: 316 }),
    status: text('Whether the condition holds.', { enum: ['True', 'False', 'Unknown'] }),
    reason: text('One word in CamelCase, for programs.', { maxLength: 1024 }),
    message: text('The cause in plain words.', { maxLength: 32768 }),
    lastTransitionTime: time('Since when it has this status.'),
    observedGeneration: {
      type: 'integer',
      format: 'int64',
      description: 'Generation of the session that it was made from.',
    },
  },
  { required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'] },
);

const STEPS = {
  scheduled: 'When a node was found.',
  imagesReady: 'When all images were on the node.',
  rootfsReady: 'When the root file system was downloaded and checked.',
  booted: 'When SSH of the microVM answered.',
  ready: 'When all containers answered.',
};

/** Schema of `status` of a LabSession. The controller alone writes it. */
export const sessionStatus = (): JsonSchema =>
  fields(
    {
      observedGeneration: {
        type: 'integer',
        format: 'int64',
        description: 'Generation of the session that it was made from.',
      },
      phase: text('Where the session is: Invalid, Conflict, Pending, Starting, Running, Suspended or Ended.'),
      message: text('Why the session is not Ready, in one line.'),
      conditions: {
        type: 'array',
        items: condition,
        description: 'Accepted, Scheduled, ImagesReady, RootfsReady, Booted, Ready, Expiring and Stalled.',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['type'],
      },
      endpoints: fields(
        { vscode: text('URL of VS Code in the cluster.'), terminal: text('URL of the terminal in the cluster.') },
        { description: 'Addresses of the session.' },
      ),
      timings: fields(
        Object.fromEntries(Object.entries(STEPS).map(([step, description]) => [step, time(description)])),
        { description: 'When each step of the start was done.' },
      ),
      replacements: fields(
        {
          count: {
            type: 'integer',
            format: 'int32',
            description: 'Pods that ended by themselves, one after the other.',
          },
          last: time('When the last one was replaced.'),
        },
        { description: 'Pods that were replaced. The wait before the next one grows with their number.' },
      ),
    },
    { description: 'What the controller found. Nobody else writes it.' },
  );
