import { k8s } from 'cdk8s-plus-28';
import { z } from 'zod';
import { defineChart, include, isSet, map, present, quantity, when } from '../../src';

export const tinySchema = z.strictObject({
  name: z.string(),
  port: z.int().default(8080),
  labels: z.record(z.string(), z.string()).default({}),
  memory: z.union([z.string(), z.number()]).default('128Mi'),
  debug: z.boolean().default(false),
  host: z.string().optional(),
});

/** The chart of the README. */
export const tinyChart = defineChart({
  name: 'web',
  schema: tinySchema,
  constructs: (scope, view) => {
    new k8s.KubeDeployment(scope, 'deployment', {
      metadata: { name: `web-${view.name}`, labels: map(view.labels) },
      spec: {
        selector: { matchLabels: { app: view.name } },
        template: {
          metadata: { labels: { app: view.name } },
          spec: {
            containers: [
              {
                name: 'web',
                ports: [{ containerPort: view.port }],
                env: [...when.item(view.debug, { name: 'DEBUG', value: '1' })],
                resources: { limits: { memory: quantity(view.memory) } },
              },
            ],
          },
        },
      },
    });
    include(scope, isSet(view.host), () => {
      new k8s.KubeIngress(scope, 'ingress', {
        metadata: { name: view.name },
        spec: { rules: [{ host: present(view.host) }] },
      });
    });
  },
});
