import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { and, hasItem, include, isSet, list, or, overlay, present, spread } from '@dozlab/charts';
import { forSession, routeMetadata, serviceName, sessionName, type SessionView } from './metadata';

/** One HTTPRoute for VS Code and one for the terminal. The terminal has no login of its own: it gets none unless something asks for one. */
export class SessionHttpRoute extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { httpRoute } = view;
    const { terminal } = httpRoute;
    include(this, and(httpRoute.enabled, isSet(httpRoute.vscode.host)), () => {
      this.route(view, 'vscode');
    });
    const guarded = or(terminal.allowUnauthenticated, hasItem(terminal.filters, 'type', 'ExtensionRef'));
    include(this, and(httpRoute.enabled, isSet(terminal.host), guarded), () => {
      this.route(view, 'terminal');
    });
  }

  private route(view: SessionView, app: 'vscode' | 'terminal'): void {
    const { annotations, parentRefs, requestTimeout, [app]: route } = view.httpRoute;
    new ApiObject(this, app, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: routeMetadata(view, `${sessionName(view)}-${app}`, overlay(view.annotations, annotations)),
      spec: {
        parentRefs: spread(parentRefs),
        hostnames: [forSession(view, present(route.host))],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: forSession(view, route.path) } }],
            filters: list(route.filters),
            backendRefs: [{ name: serviceName(view), port: view.service.ports[app] }],
            timeouts: { request: requestTimeout },
          },
        ],
      },
    });
  }
}
