import { annotationMap, flag, listField, matching, object, objectName, oneOf, section, shared, whole } from './fields';
import { parentReferences, uniqueNames } from './kubernetes';

export const PLACEHOLDERS = '{id} stands for the id of the session, {user} for its user as a DNS label';

const host = (what: string) =>
  matching(/^[a-z0-9{][-a-z0-9.{}]*$/, `a host name such as {id}.labs.example.com; ${PLACEHOLDERS}`)
    .optional()
    .meta({ description: `Host name of ${what}; no route without it. A pattern: ${PLACEHOLDERS}.` });

const path = () =>
  matching(/^\/([-A-Za-z0-9._~!$&'()*+,;=:@/{}]|%[0-9A-Fa-f]{2})*$/, `a path that begins with /; ${PLACEHOLDERS}`, 1024)
    .default('/')
    .meta({
      description: `Path prefix. A pattern: ${PLACEHOLDERS}. What is behind it sees the whole path, unless an annotation or a filter rewrites it.`,
    });

const tlsSecretName = (app: string) =>
  matching(/^[a-z0-9{][-a-z0-9.{}]*$/, `the name of a Secret; ${PLACEHOLDERS}`)
    .default(`{id}-${app}-tls`)
    .meta({ description: `Secret with the certificate. A pattern: ${PLACEHOLDERS}.` });

const allowUnauthenticated = () =>
  flag().default(false).meta({
    description:
      'Make the route although nothing in it asks for a login. The terminal has none of its own, so the network must keep strangers out.',
  });

const ingressRoute = (app: string, what: string) => ({
  host: host(what),
  path: path(),
  tlsSecretName: tlsSecretName(app),
  annotations: annotationMap()
    .default({})
    .meta({ description: 'Annotations of this Ingress, over the annotations of both.' }),
});

/** Kubernetes, "Ingress". */
export const ingress = () =>
  section({
    enabled: flag().default(false).meta({ description: 'Make the Ingresses.' }),
    className: objectName()
      .optional()
      .meta({ description: "IngressClass; the cluster's default when it is not given." }),
    annotations: annotationMap()
      .default({
        'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
        'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
      })
      .meta({ description: 'Annotations of both Ingresses. The defaults let a WebSocket be idle for an hour.' }),
    clusterIssuer: objectName()
      .optional()
      .meta({ description: 'cert-manager ClusterIssuer that makes the certificates.' }),
    tls: section({ enabled: flag().default(true).meta({ description: 'Serve by TLS.' }) }).meta({
      description: 'Transport security.',
    }),
    vscode: section(ingressRoute('vscode', 'VS Code')).meta({ description: 'The Ingress of VS Code.' }),
    terminal: section({
      ...ingressRoute('terminal', 'the terminal'),
      allowUnauthenticated: allowUnauthenticated(),
    }).meta({
      description:
        'The Ingress of the terminal. Made only with an annotation that asks for a login (such as nginx auth-url), or with allowUnauthenticated.',
    }),
  }).meta({ description: 'Reach the session through an ingress controller.' });

const headerName = () => matching(/^[A-Za-z0-9!#$%&'*+\-.^_|~]+$/, 'the name of an HTTP header', 256);

const header = () =>
  object({
    name: headerName(),
    value: matching(/^[\x20-\x7e]+$/, 'the value of an HTTP header', 4096),
  });

const uniqueHeaders = () =>
  listField(header(), 16).superRefine((given, context) => uniqueNames(given, context, (name) => name.toLowerCase()));

const headers = () =>
  object({
    set: uniqueHeaders().optional(),
    add: uniqueHeaders().optional(),
    remove: listField(headerName(), 16)
      .superRefine((given, context) => {
        given.forEach((name, index) => {
          if (given.indexOf(name) < index)
            context.addIssue({ code: 'custom', path: [index], message: 'a name that is not in the list already' });
        });
      })
      .optional(),
  });

const FILTERS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
} as const;

const filter = shared('RouteFilter', () =>
  object({
    type: oneOf('RequestHeaderModifier', 'ResponseHeaderModifier', 'URLRewrite', 'ExtensionRef'),
    requestHeaderModifier: headers().optional(),
    responseHeaderModifier: headers().optional(),
    urlRewrite: object({
      hostname: objectName().optional(),
      path: object({
        type: oneOf('ReplaceFullPath', 'ReplacePrefixMatch'),
        replaceFullPath: matching(/^\/[\x21-\x7e]*$/, 'a path that begins with /', 1024).optional(),
        replacePrefixMatch: matching(/^\/[\x21-\x7e]*$/, 'a path that begins with /', 1024).optional(),
      })
        .refine((given) => Object.keys(given).length === 2 && lowerFirst(given.type) in given, {
          error: 'type and the one key that goes with it',
        })
        .optional(),
    }).optional(),
    extensionRef: object({
      group: objectName(),
      kind: matching(/^[a-zA-Z]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/, 'the kind of an object', 63),
      name: objectName(),
    }).optional(),
  }).refine((given) => Object.keys(given).length === 2 && FILTERS[given.type] in given, {
    error: 'type and the one key that goes with it, such as extensionRef for ExtensionRef',
  }),
);

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Gateway API allows each type but ExtensionRef once. */
const filters = () =>
  listField(filter(), 16)
    .superRefine((given, context) => {
      given.forEach(({ type }, index) => {
        if (type !== 'ExtensionRef' && given.findIndex((other) => other.type === type) < index) {
          context.addIssue({ code: 'custom', path: [index, 'type'], message: 'a type once, but for ExtensionRef' });
        }
      });
    })
    .default([])
    .meta({ description: 'Filters of the rule, in the form of the Gateway API.' });

const httpRouteFor = (what: string) => ({ host: host(what), path: path(), filters: filters() });

/** Gateway API, `HTTPRoute`. */
export const httpRoute = () =>
  section({
    enabled: flag().default(false).meta({ description: 'Make the HTTPRoutes.' }),
    parentRefs: parentReferences().default([]).meta({
      description:
        'Gateways, and their listeners, that the routes attach to. TLS is a setting of the listener: name one that has it by sectionName.',
    }),
    annotations: annotationMap().default({}).meta({ description: 'Annotations of both HTTPRoutes.' }),
    requestTimeout: matching(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/, 'a duration such as 1h30m, or 0s for none', 32)
      .default('0s')
      .meta({ description: 'Longest time for a request; 0s for no limit, as a WebSocket is one long request.' }),
    vscode: section(httpRouteFor('VS Code')).meta({ description: 'The HTTPRoute of VS Code.' }),
    terminal: section({ ...httpRouteFor('the terminal'), allowUnauthenticated: allowUnauthenticated() }).meta({
      description:
        'The HTTPRoute of the terminal. Made only with a filter of type ExtensionRef (which is where a login goes), or with allowUnauthenticated.',
    }),
  }).meta({ description: 'Reach the session through the Gateway API.' });

const servicePort = (given: number, what: string) =>
  whole(1, 65535)
    .default(given)
    .meta({ description: `Port of ${what}.` });

/** Kubernetes, "Service". */
export const service = () =>
  section({
    type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer')
      .default('ClusterIP')
      .meta({ description: 'Type of the Service.' }),
    ports: section({
      vscode: servicePort(8080, 'VS Code'),
      terminal: servicePort(8081, 'the terminal'),
      ssh: servicePort(22, 'SSH to the microVM'),
    }).meta({ description: 'Ports of the Service. The containers keep theirs: 8080, 8081 and 22.' }),
  }).meta({ description: 'The Service lab-service-<id>.' });
