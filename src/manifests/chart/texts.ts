/** `lookup` keeps the password across upgrades. `helm template` prints another one each time. */
export const generatedSecret = `{{- if and (kindIs "invalid" .Values.codeServer.password) (kindIs "invalid" .Values.codeServer.existingSecret) }}
{{- $name := printf "lab-session-%s-secrets" .Values.session.id }}
{{- $key := .Values.codeServer.existingSecretKey }}
{{- $existing := lookup "v1" "Secret" .Release.Namespace $name | default dict }}
{{- $data := get $existing "data" | default dict }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ quote $name }}
  annotations:
    {{- include "lab-session.annotations" . | trim | nindent 4 }}
  labels:
    {{- include "lab-session.labels" . | trim | nindent 4 }}
type: Opaque
data:
  {{ quote $key }}: {{ get $data $key | default (values $data | first) | default (randAlphaNum 32 | b64enc) | quote }}
{{- end }}
`;

/** `affinity` without rules about other pods: these are about sessions. */
const WHERE_IT_RUNS = `  {{- range $key := list "priorityClassName" "runtimeClassName" "nodeSelector" "tolerations" }}
  {{- with get $.Values $key }}
  {{ $key }}: {{ toJson . }}
  {{- end }}
  {{- end }}
  {{- with .Values.affinity }}
  {{- with .nodeAffinity }}
  affinity: {{ dict "nodeAffinity" . | toJson }}
  {{- end }}
  {{- end }}`;

/** The session's NetworkPolicy admits the label of this pod. Its image is pulled as those of the session, onto the same nodes. */
export const testPod = `apiVersion: v1
kind: Pod
metadata:
  name: {{ printf "lab-test-%s" .Values.session.id | quote }}
  labels:
    dozlab.io/test-of: {{ .Values.session.id | quote }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets: {{ toJson . }}
  {{- end }}
${WHERE_IT_RUNS}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
  - name: reach
    image: {{ include "lab-session.imageReference" (list .Values.initContainers.network.image .Values.initContainers.network.tag .Values.initContainers.network.digest) | quote }}
    {{- with .Values.imagePullPolicy }}
    imagePullPolicy: {{ quote . }}
    {{- end }}
    command:
    - /bin/sh
    - "-c"
    - |
      # The network may let a new pod in only some seconds after it has started.
      reach() {
        for _ in 1 2 3 4 5 6 7 8 9 10; do
          if timeout 10 wget -q -O /dev/null "$1"; then echo "$1 answers"; return 0; fi
          sleep 1
        done
        echo "$1 does not answer"
        return 1
      }
      reach "http://$SERVICE:$VSCODE_PORT$VSCODE_PATH" &&
      reach "http://$SERVICE:$TERMINAL_PORT$TERMINAL_PATH"
    env:
    - name: SERVICE
      value: {{ printf "lab-service-%s" .Values.session.id | quote }}
    - name: VSCODE_PORT
      value: {{ .Values.service.ports.vscode | toJson | quote }}
    - name: VSCODE_PATH
      value: {{ .Values.codeServer.readinessProbe.path | quote }}
    - name: TERMINAL_PORT
      value: {{ .Values.service.ports.terminal | toJson | quote }}
    - name: TERMINAL_PATH
      value: {{ .Values.terminal.readinessProbe.path | quote }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop:
        - ALL
    resources:
      requests:
        cpu: "10m"
        memory: "16Mi"
        ephemeral-storage: "0"
      limits:
        cpu: "100m"
        memory: "64Mi"
        ephemeral-storage: "64Mi"
`;

const ROUTES = [
  { kind: 'ingress', app: 'vscode', guard: '' },
  {
    kind: 'ingress',
    app: 'terminal',
    guard:
      '(eq (include "lab-session.hasAuthentication" (list .Values.annotations .Values.ingress.annotations .Values.ingress.terminal.annotations)) "true")',
  },
  { kind: 'httpRoute', app: 'vscode', guard: '' },
  {
    kind: 'httpRoute',
    app: 'terminal',
    guard:
      '(eq (include "lab-session.hasItem" (list .Values.httpRoute.terminal.filters "type" "ExtensionRef")) "true")',
  },
] as const;

const TITLES = { vscode: 'VS Code', terminal: 'terminal' } as const;

/** The addresses of the routes that are made, and the routes that are not. */
const routeNotes = ROUTES.map(({ kind, app, guard }) => {
  const route = `.Values.${kind}.${app}`;
  const filled = (key: string): string =>
    `{{ include "lab-session.fillPattern" (list ${route}.${key} .Values.session.id .Values.session.userId) }}`;
  const scheme = kind === 'ingress' ? '{{ ternary "https" "http" .Values.ingress.tls.enabled }}' : 'https';
  const address = `${TITLES[app]}: ${scheme}://${filled('host')}${filled('path')}${kind === 'ingress' ? '' : ' (http if the listener of the Gateway has no TLS)'}`;
  const has = `and .Values.${kind}.enabled (not (kindIs "invalid" ${route}.host))`;
  if (guard === '') return `{{- if ${has} }}\n${address}\n{{- end }}`;
  const missing = kind === 'ingress' ? 'annotations' : 'filters';
  return `{{- if ${has} }}
{{- if or ${route}.allowUnauthenticated ${guard} }}
${address}
{{- else }}
NO ROUTE TO THE TERMINAL: it has no login, and ${kind}.terminal.${missing} ask for none.
{{- end }}
{{- end }}`;
}).join('\n');

export const notes = `{{- $isPod := or (eq .Values.workload.kind "Pod") (ne .Values.restartPolicy "Always") }}
{{- $isSuspended := eq (toJson .Values.suspended) "true" }}
{{- $target := printf "%s/lab-session-%s" (ternary "pod" "deploy" $isPod) .Values.session.id }}
{{- $secret := printf "lab-session-%s-secrets" .Values.session.id }}
{{- if $isSuspended }}
The session {{ .Values.session.id }} is suspended: it has no pod. To start it, set the value suspended to false. Only volumes with persistence keep their data.
{{- else }}
The session {{ .Values.session.id }} is being prepared: its root file system is downloaded first, which can take minutes.

  kubectl get pods -n {{ .Release.Namespace }} -l session-id={{ .Values.session.id }} -w

Reach it on http://localhost:8080 (VS Code) and http://localhost:8081 (terminal):

  kubectl port-forward -n {{ .Release.Namespace }} {{ $target }} 8080:8080 8081:8081
{{- end }}
{{- if or .Values.ingress.enabled .Values.httpRoute.enabled }}

Its routes:
${routeNotes}
{{- end }}
{{- if ne .Values.service.type "ClusterIP" }}

The addresses of its Service, of the type {{ .Values.service.type }}:

  kubectl get service -n {{ .Release.Namespace }} lab-service-{{ .Values.session.id }} -o wide
{{- end }}

The password of VS Code:

  kubectl get secret -n {{ .Release.Namespace }} {{ if kindIs "invalid" .Values.codeServer.existingSecret }}{{ $secret }}{{ else }}{{ .Values.codeServer.existingSecret }}{{ end }} -o go-template='{{ "{{" }} index .data "{{ .Values.codeServer.existingSecretKey }}" | base64decode {{ "}}" }}'
{{- if not $isSuspended }}

Logs and commands:

  kubectl logs -n {{ .Release.Namespace }} {{ $target }} -c firecracker-vm
  kubectl exec -n {{ .Release.Namespace }} {{ $target }} -c code-server -- env

THE DATA OF THE SESSION IS LOST when its pod is replaced or the session ends, but for volumes with persistence, which last until the session ends.
{{- end }}
`;

export const helmIgnore = `.git/
.DS_Store
*.bak
*.orig
*.swp
*.tmp
*~
`;
