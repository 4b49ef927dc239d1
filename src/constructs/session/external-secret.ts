import { Construct } from 'constructs';
import {
  ExternalSecret,
  ExternalSecretSpecDataFromSourceRefGeneratorRefKind,
  ExternalSecretSpecRefreshPolicy,
  ExternalSecretSpecTargetCreationPolicy,
  ExternalSecretSpecTargetTemplateEngineVersion,
  PushSecret,
  PushSecretSpecDeletionPolicy,
  PushSecretSpecSelectorGeneratorRefKind,
  PushSecretSpecUpdatePolicy,
} from '../../../imports/external-secrets.io';
import { Password } from '../../../imports/generators.external-secrets.io';
import { and, include, is, or, type View } from '@dozlab/charts';
import { objectMetadata } from './metadata';
import { z } from 'zod';
import { valuesSchema } from '../../api/values/schema';

export const EXTERNAL_SECRET_CHART = 'external-secret';

const { session, labels, annotations } = valuesSchema.shape;

export const externalSecretSchema = z.strictObject({
  session,
  labels,
  annotations,
  secret: z.strictObject({
    name: z.string(),
    key: z.string(),
    source: z.enum(['generator', 'store']),
    /** Generates a missing password and writes it to the store. */
    push: z.boolean(),
    storeName: z.string(),
    storeKind: z.string(),
    path: z.string(),
    property: z.string(),
  }),
});

export type ExternalSecretValues = z.output<typeof externalSecretSchema>;

export type ExternalSecretView = View<ExternalSecretValues>;

const GENERATORS = 'generators.external-secrets.io/v1alpha1';

/**
 * A PushSecret writes a password only if the store has none (External Secrets, "PushSecret", `IfNotExists`). The Secret
 * never changes: a refresh would replace the password of a running session.
 */
export class SessionExternalSecret extends Construct {
  constructor(scope: Construct, id: string, view: ExternalSecretView) {
    super(scope, id);
    const { secret } = view;
    const isGenerated = is(secret.source, 'generator');
    const isStored = is(secret.source, 'store');
    // The enum of the generated class has the same words.
    const store = { name: secret.storeName, kind: secret.storeKind as never };
    const remote = { property: secret.property };

    include(this, or(isGenerated, and(isStored, secret.push)), () => {
      new Password(this, 'generator', {
        metadata: objectMetadata(view, secret.name),
        spec: { length: 40, digits: 10, symbols: 0, noUpper: false, allowRepeat: true },
      });
    });
    include(this, and(isStored, secret.push), () => {
      new PushSecret(this, 'push', {
        metadata: objectMetadata(view, secret.name),
        spec: {
          secretStoreRefs: [store],
          selector: {
            generatorRef: {
              apiVersion: GENERATORS,
              kind: PushSecretSpecSelectorGeneratorRefKind.PASSWORD,
              name: secret.name,
            },
          },
          updatePolicy: PushSecretSpecUpdatePolicy.IF_NOT_EXISTS,
          deletionPolicy: PushSecretSpecDeletionPolicy.DELETE,
          refreshInterval: '0s',
          data: [{ match: { secretKey: 'password', remoteRef: { remoteKey: secret.path, ...remote } } }],
        },
      });
    });
    include(this, isGenerated, () => {
      new ExternalSecret(this, 'generated', {
        metadata: objectMetadata(view, secret.name),
        spec: {
          ...policies(view),
          dataFrom: [
            {
              sourceRef: {
                generatorRef: {
                  apiVersion: GENERATORS,
                  kind: ExternalSecretSpecDataFromSourceRefGeneratorRefKind.PASSWORD,
                  name: secret.name,
                },
              },
            },
          ],
        },
      });
    });
    include(this, isStored, () => {
      new ExternalSecret(this, 'read', {
        metadata: objectMetadata(view, secret.name),
        spec: {
          ...policies(view),
          secretStoreRef: store,
          data: [{ secretKey: 'password', remoteRef: { key: secret.path, ...remote } }],
        },
      });
    });
  }
}

const policies = ({ session, secret }: ExternalSecretView) => ({
  refreshPolicy: ExternalSecretSpecRefreshPolicy.CREATED_ONCE,
  target: {
    name: secret.name,
    creationPolicy: ExternalSecretSpecTargetCreationPolicy.OWNER,
    immutable: true,
    template: {
      type: 'Opaque',
      engineVersion: ExternalSecretSpecTargetTemplateEngineVersion.V2,
      metadata: {
        labels: {
          'app.kubernetes.io/managed-by': 'dozlab',
          'app.kubernetes.io/part-of': 'dozlab',
          'session-id': session.id,
        },
      },
      data: { [secret.key]: '{{ .password }}' },
    },
  },
});
