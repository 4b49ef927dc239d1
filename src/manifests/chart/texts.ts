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
    {{- include "lab-session.annotations" . | nindent 4 }}
  labels:
    {{- include "lab-session.labels" . | nindent 4 }}
type: Opaque
data:
  {{ quote $key }}: {{ get $data $key | default (values $data | first) | default (randAlphaNum 32 | b64enc) | quote }}
{{- end }}
`;

/** The session's NetworkPolicy admits the label of this pod. */
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
  {{- with .Values.tolerations }}
  tolerations: {{ toJson . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
  - name: reach
    image: {{ include "lab-session.imageReference" (list .Values.initContainers.network.image .Values.initContainers.network.tag .Values.initContainers.network.digest) | quote }}
    command:
    - /bin/sh
    - "-c"
    - |
      wget -q -T 10 -O /dev/null "http://$SERVICE:$VSCODE_PORT$VSCODE_PATH" &&
      wget -q -T 10 -O /dev/null "http://$SERVICE:$TERMINAL_PORT$TERMINAL_PATH"
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
      capabilities:
        drop:
        - ALL
    resources:
      requests:
        cpu: "10m"
        memory: "16Mi"
      limits:
        cpu: "100m"
        memory: "64Mi"
`;

export const notes = `{{- $isPod := or (eq .Values.workload.kind "Pod") (ne .Values.restartPolicy "Always") }}
{{- $target := printf "%s/lab-session-%s" (ternary "pod" "deploy" $isPod) .Values.session.id }}
{{- $secret := printf "lab-session-%s-secrets" .Values.session.id }}
The session {{ .Values.session.id }} is being prepared: its root file system is downloaded first, which can take minutes.

  kubectl get pods -n {{ .Release.Namespace }} -l session-id={{ .Values.session.id }} -w

Reach it on http://localhost:8080 (VS Code) and http://localhost:8081 (terminal):

  kubectl port-forward -n {{ .Release.Namespace }} {{ $target }} 8080:8080 8081:8081
{{- if and .Values.ingress.enabled (not (kindIs "invalid" .Values.ingress.vscode.host)) }}

or on {{ ternary "https" "http" .Values.ingress.tls.enabled }}://{{ include "lab-session.fillPattern" (list .Values.ingress.vscode.host .Values.session.id .Values.session.userId) }}{{ include "lab-session.fillPattern" (list .Values.ingress.vscode.path .Values.session.id .Values.session.userId) }}
{{- end }}

The password of VS Code:

  kubectl get secret -n {{ .Release.Namespace }} {{ if kindIs "invalid" .Values.codeServer.existingSecret }}{{ $secret }}{{ else }}{{ .Values.codeServer.existingSecret }}{{ end }} -o go-template='{{ "{{" }} index .data "{{ .Values.codeServer.existingSecretKey }}" | base64decode {{ "}}" }}'

Logs and commands:

  kubectl logs -n {{ .Release.Namespace }} {{ $target }} -c firecracker-vm
  kubectl exec -n {{ .Release.Namespace }} {{ $target }} -c code-server -- env

THE DATA OF THE SESSION IS LOST when its pod is replaced or the session ends, but for volumes with persistence, which last until the session ends.
`;

export const helmIgnore = `.git/
.DS_Store
*.bak
*.orig
*.swp
*.tmp
*~
`;
