import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  and,
  each,
  hasItem,
  include,
  isSet,
  list,
  type OpenMap,
  optional,
  or,
  orElse,
  overlay,
  present,
  when,
} from '@dozlab/charts';
import { forSession, routeMetadata, serviceName, sessionName, type SessionView } from './metadata';
import { hasLogin } from '../../api/values/template-functions';

type App = 'vscode' | 'terminal';

/** The terminal has no login: its Ingress exists only if annotations ask for a login. */
export class SessionIngress extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { enabled, vscode, terminal } = view.ingress;
    const guarded = or(terminal.allowUnauthenticated, hasLogin(this.annotations(view, 'terminal')));
    include(this, and(enabled, isSet(vscode.host)), () => {
      this.route(view, 'vscode');
    });
    include(this, and(enabled, isSet(terminal.host), guarded), () => {
      this.route(view, 'terminal');
    });
  }

  private annotations(view: SessionView, app: App): OpenMap<string> {
    return overlay(view.annotations, view.ingress.annotations, view.ingress[app].annotations);
  }

  private route(view: SessionView, app: App): void {
    const { className, clusterIssuer, tls, [app]: route } = view.ingress;
    const host = forSession(view, present(route.host));
    const issuer = when.entries(isSet(clusterIssuer), { 'cert-manager.io/cluster-issuer': present(clusterIssuer) });
    new k8s.KubeIngress(this, app, {
      metadata: routeMetadata(view, `${sessionName(view)}-${app}`, this.annotations(view, app), issuer),
      spec: {
        ingressClassName: optional(className),
        tls: when(tls.enabled, [{ hosts: [host], secretName: forSession(view, route.tlsSecretName) }]),
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: forSession(view, route.path),
                  pathType: 'Prefix',
                  backend: { service: { name: serviceName(view), port: { name: app } } },
                },
              ],
            },
          },
        ],
      },
    });
  }
}

/** The terminal's route exists only if filters ask for a login. */
export class SessionHttpRoute extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { enabled, vscode, terminal } = view.httpRoute;
    include(this, and(enabled, isSet(vscode.host)), () => {
      this.route(view, 'vscode');
    });
    const guarded = or(terminal.allowUnauthenticated, hasItem(terminal.filters, 'type', 'ExtensionRef'));
    include(this, and(enabled, isSet(terminal.host), guarded), () => {
      this.route(view, 'terminal');
    });
  }

  private route(view: SessionView, app: App): void {
    const { annotations, parentRefs, requestTimeout, [app]: route } = view.httpRoute;
    new ApiObject(this, app, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: routeMetadata(view, `${sessionName(view)}-${app}`, overlay(view.annotations, annotations)),
      spec: {
        // With the defaults of the Gateway API: in a list, an apply would remove them again.
        parentRefs: each(parentRefs, ({ group, kind, namespace, name, sectionName, port }) => ({
          group: orElse(group, 'gateway.networking.k8s.io'),
          kind: orElse(kind, 'Gateway'),
          namespace: optional(namespace),
          name,
          sectionName: optional(sectionName),
          port: optional(port),
        })),
        hostnames: [forSession(view, present(route.host))],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: forSession(view, route.path) } }],
            filters: list(route.filters),
            backendRefs: [
              { group: '', kind: 'Service', name: serviceName(view), port: view.service.ports[app], weight: 1 },
            ],
            timeouts: { request: requestTimeout },
          },
        ],
      },
    });
  }
}
