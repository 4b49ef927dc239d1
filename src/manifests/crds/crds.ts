import type { z } from 'zod';
import { type JsonSchema, jsonSchemaOf, readableByGo } from '@dozlab/charts/schema';
import { API_VERSION } from '../../api/document';
import { sessionStatus } from './status-schema';
import { structuralSchema } from './structural-schema';

const [GROUP = '', VERSION = ''] = API_VERSION.split('/');

interface Column {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly jsonPath: string;
  /** Above 0: only with `-o wide`. */
  readonly priority?: number;
}

interface Definition {
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly columns: readonly Column[];
  readonly selectableFields?: readonly string[];
  readonly status?: JsonSchema;
  /** Rules in CEL for `spec`. */
  readonly rules?: readonly { readonly rule: string; readonly message: string }[];
}

const AGE: Column = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const column = (name: string, jsonPath: string, priority?: number): Column => ({
  ...{ name, type: 'string', jsonPath },
  ...(priority === undefined ? {} : { priority }),
});

const LAB_SESSION: Definition = {
  ...{ kind: 'LabSession', plural: 'labsessions', shortNames: ['ls'] },
  columns: [
    column('User', '.spec.userId'),
    column('Lab', '.spec.lab'),
    column('Phase', '.status.phase'),
    column('Ready', '.status.conditions[?(@.type=="Ready")].status'),
    column('Expires', '.spec.expiresAt'),
    column('Message', '.status.message', 1),
    AGE,
  ],
  selectableFields: ['.spec.userId', '.spec.lab', '.status.phase'],
  rules: [{ rule: 'self.userId == oldSelf.userId', message: 'cannot change: make another session for another user' }],
};

const LAB: Definition = { kind: 'Lab', plural: 'labs', columns: [column('Use', '.spec.useCase'), AGE] };

const COHORT: Definition = {
  ...{ kind: 'Cohort', plural: 'cohorts' },
  columns: [column('Description', '.spec.description'), AGE],
};

interface Documents {
  readonly session: z.ZodType;
  readonly lab: z.ZodType;
  readonly cohort: z.ZodType;
}

/** The CustomResourceDefinitions of LabSession, Lab and Cohort: their objects are the files of a project as they stand. */
export const customResources = ({ session, lab, cohort }: Documents): object[] => [
  definition({ ...LAB_SESSION, status: sessionStatus() }, session),
  definition(LAB, lab),
  definition(COHORT, cohort),
];

function definition(of: Definition, document: z.ZodType): object {
  const { kind, plural, shortNames = [], columns, selectableFields, status } = of;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        shortNames,
        categories: ['dozlab'],
      },
      versions: [
        {
          ...{ name: VERSION, served: true, storage: true },
          additionalPrinterColumns: columns,
          ...(selectableFields === undefined
            ? {}
            : { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }),
          ...(status === undefined ? {} : { subresources: { status: {} } }),
          schema: { openAPIV3Schema: objectSchema(of, document) },
        },
      ],
    },
  };
}

function objectSchema({ kind, status, rules }: Definition, document: z.ZodType): JsonSchema {
  const { properties, required } = structuralSchema(jsonSchemaOf(document, kind, 'input', readableByGo));
  const { metadata, spec, ...identity } = properties as Record<string, JsonSchema>;
  const { name } = (metadata?.['properties'] ?? {}) as Record<string, JsonSchema>;
  const { description: _, ...checksOfName } = name ?? {};
  return {
    type: 'object',
    description: `A ${kind} of Dozlab.`,
    required: (required as string[]).filter((key) => key === 'spec'),
    properties: {
      apiVersion: withoutEnum(identity['apiVersion']),
      kind: withoutEnum(identity['kind']),
      metadata: { type: 'object', properties: { name: checksOfName } },
      spec: rules === undefined ? spec : { ...spec, 'x-kubernetes-validations': rules },
      ...(status === undefined ? {} : { status }),
    },
  };
}

/** The API server checks both itself, and allows nothing but a type here. */
const withoutEnum = ({ description }: JsonSchema = {}): JsonSchema => ({ type: 'string', description });
