import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { hasAuthentication } from './template-functions';
import { and, include, isSet, type OpenMap, optional, or, overlay, present, when } from '@dozlab/charts';
import { forSession, routeMetadata, serviceName, sessionName, type SessionView } from './metadata';

/** One Ingress for VS Code and one for the terminal. The terminal has no login of its own: it gets none unless something asks for one. */
export class SessionIngress extends Construct {
  constructor(scope: Construct, id: string, view: SessionView) {
    super(scope, id);
    const { enabled, vscode, terminal } = view.ingress;
    const guarded = or(terminal.allowUnauthenticated, hasAuthentication(this.annotations(view, 'terminal')));
    include(this, and(enabled, isSet(vscode.host)), () => {
      this.route(view, 'vscode');
    });
    include(this, and(enabled, isSet(terminal.host), guarded), () => {
      this.route(view, 'terminal');
    });
  }

  private annotations(view: SessionView, app: 'vscode' | 'terminal'): OpenMap<string> {
    return overlay(view.annotations, view.ingress.annotations, view.ingress[app].annotations);
  }

  private route(view: SessionView, app: 'vscode' | 'terminal'): void {
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
