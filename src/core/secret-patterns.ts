/** A secret by its form, whatever its key. */
export interface SecretPattern {
  /** Completes "is …". */
  readonly name: string;
  /** Matches also the start of such a secret, as a cut text has it. */
  readonly pattern: string;
  /** Every match contains it. A text without any hint needs no search. */
  readonly hint: string;
}

/** Line ends, also in JSON, URLs and diffs. */
const BREAK = '(?:\\\\+[nrt]|%0[AD]|[\\s+|>-])';
const BASE64 = '(?:[A-Za-z0-9+/=]|%2[BF]|%3D)';
const SPACE = '(?: |%20|\\+)';
const DASHES = '(?:-----|---- | ----)';

/** `Proc-Type: 4,ENCRYPTED`, `Comment: …` */
const HEADERS = `(?:${BREAK}*[A-Z][A-Za-z-]{2,20}: (?:[^\\n\\\\]|\\\\+"){1,200}){0,6}`;
const BODY = `(?:${BREAK}*${BASE64}{16,})*(?:${BREAK}*${BASE64}{1,16}(?=${BREAK}*${DASHES}END))?`;
const WORDS = `(?:[A-Z0-9]|${SPACE})*`;
const PRIVATE_KEY = `${DASHES}BEGIN${WORDS}${SPACE}PRIVATE${SPACE}KEY(?:${SPACE}BLOCK)?${DASHES}`;

/** A name and its value, also inside JSON inside JSON. */
const assigned = (names: string, value: string): string => `(?:${names})\\\\*["']?\\s*[:=]\\s*\\\\*["']?${value}`;

/** Prefixes are those that the services document, and that scanners of repositories such as gitleaks look for. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    name: 'a private key',
    hint: 'PRIVATE',
    pattern: `${PRIVATE_KEY}${HEADERS}${BODY}(?:${BREAK}*${DASHES}END${WORDS}${DASHES})?`,
  },
  { name: 'a private key', hint: 'b3Blbn', pattern: 'b3BlbnNzaC1rZXkt[A-Za-z0-9+/=]{8,}' },
  {
    name: 'a private key',
    hint: 'PuTTY',
    pattern: `PuTTY-User-Key-File-\\d[^"]{0,9000}?Private-(?:Lines: \\d+(?:${BREAK}*${BASE64}{16,})*(?:${BREAK}*${BASE64}{1,16}(?=${BREAK}*Private-))?(?:${BREAK}*Private-MAC: [0-9a-f]+)?|MAC: [0-9a-f]+)`,
  },
  { name: 'a private key', hint: 'RWR', pattern: 'RWRTY0Iy[A-Za-z0-9+/=]{40,}' },
  // RFC 7517 and 7518: the private members of a JSON Web Key.
  {
    name: 'a private key',
    hint: '"(?:[dkpq]|dp|dq|qi)\\\\*"',
    pattern: '(?<=["])(?:d|k|p|q|dp|dq|qi)\\\\*"\\s*:\\s*\\\\*"[\\w+/-]{16,}={0,2}',
  },
  {
    name: 'an age private key',
    hint: 'AGE-|age-secret',
    pattern: '(?:AGE-SECRET-KEY-|age-secret-key-|AGE-PLUGIN-)[A-Za-z0-9-]{4,}',
  },
  {
    name: 'a GitHub token',
    hint: 'gh[opusr]_|github_pat',
    pattern: '(?:gh[opusr]_[A-Za-z0-9]{16,}|github_pat_\\w{16,})',
  },
  {
    name: 'a GitLab token',
    hint: 'gl[a-z]{2,5}-|GR1348941',
    pattern: '(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|agent|imt|oas|wt|ffct)-[\\w.-]{16,}|GR1348941[\\w-]{16,})',
  },
  {
    name: 'an AWS access key',
    hint: 'A[KSBC][IC]A|ABSK|aws_s|AWS_S|FwoGZ|IQoJb3JpZ2lu',
    pattern: `(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|ABSK[A-Za-z0-9+/=]{80,}|(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=]{80,}|${assigned('aws_secret_access_key|AWS_SECRET_ACCESS_KEY|aws_session_token|AWS_SESSION_TOKEN', '[A-Za-z0-9+/=]{40,}')})`,
  },
  {
    name: 'a Slack token',
    hint: 'xox|xapp-|hooks\\.slack',
    pattern: '(?:xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,}|xapp-[\\w-]{8,}|https://hooks\\.slack\\.com/[\\w/-]+)',
  },
  { name: 'a JSON Web Token', hint: 'eyJ', pattern: 'eyJ[\\w-]{8,}\\.(?:[\\w-]*(?:\\.[\\w-]*){0,3})?' },
  {
    name: 'a Google key',
    hint: 'AIza|ya29|GOCSPX|1//0|GOOG1E',
    pattern: '(?:AIza[\\w-]{30,}|ya29\\.[\\w.-]{16,}|GOCSPX-[\\w-]{16,}|1//0[0-9g][\\w-]{30,}|GOOG1E[A-Z0-9]{50,})',
  },
  {
    name: 'a Stripe key',
    hint: '[sr]k_|whsec',
    pattern: '(?:[sr]k|whsec)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}',
  },
  {
    name: 'an Azure key',
    hint: 'AccountKey|SharedAccessKey|\\dQ~|AZDO|ACR',
    pattern:
      '(?:(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/=]{20,}|[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[A-Za-z0-9+/]{42}\\+ACR[A-Za-z0-9]{6})',
  },
  {
    name: 'a token',
    hint: 'npm_|pypi-|dckr_|hf_|hv[sbr]\\.|do[opr]_v1|SG\\.|sk-|tskey|gl[sc]a?_|dapi|AT[AC]TT3x|ATBB|shp|pul-|gsk_|xai-|pplx-',
    pattern:
      '(?:npm_[A-Za-z0-9]{30,}|pypi-[\\w-]{30,}|dckr_(?:pat|oat)_[\\w-]{16,}|hf_[A-Za-z0-9]{30,}|hv[sbr]\\.(?=[\\w-]*[A-Z])[\\w-]{20,}|do[opr]_v1_[a-f0-9]{32,}|SG\\.[\\w-]{16,}\\.[\\w-]{16,}|sk-(?:(?:ant|proj|svcacct|admin|or)-[\\w-]{16,}|[A-Za-z0-9]{32,})|tskey-(?:auth|client|api)-[\\w-]{8,}|glsa_[\\w+/=]{20,}|glc_[\\w+/=]{20,}|dapi[a-f0-9]{32}|AT[AC]TT3x[\\w=-]{16,}|ATBB[A-Za-z0-9]{20,28}[A-F0-9]{8}(?![A-Za-z0-9])|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|pul-[a-f0-9]{40}|gsk_[A-Za-z0-9]{40,}|xai-[A-Za-z0-9]{40,}|pplx-[A-Za-z0-9]{40,})',
  },
  {
    name: 'a token',
    hint: '_authToken|_auth=|_password=|lin_api|sntry|NRAK|dt0c0|dp\\.|atlasv1|figd_|PMAK|ntn_|secret_|sbp_|nfp_|pscale|CCIPAT|rubygems|AKCp|sq0|access_token|fm[12]_|bk[a-z]a_|sq[pau]_|ops_|HRKU|v1\\.0-|vc[pkiar]_|EZ[AT]K|webhook|SK[0-9a-f]|key-[0-9a-f]|-us\\d|A3-|pat[A-Za-z0-9]{14}|S[ACNOUX][A-Z2-7]{56}',
    pattern:
      '(?:_(?:authToken|auth|password)=[^\\s$"\'][^\\s"\']{7,}|lin_api_[A-Za-z0-9]{32,}|sntry[su]_[\\w+/=]{32,}|NRAK-[A-Z0-9]{27}|dt0c0[1-9]\\.[A-Z0-9]{24}\\.[A-Z0-9]{32,}|dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.]{32,}|[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{32,}|figd_[\\w-]{32,}|PMAK-[a-f0-9]{24}-[a-f0-9]{24,}|(?:ntn|secret)_[A-Za-z0-9]{40,}|sbp_[a-f0-9]{40}|nfp_[A-Za-z0-9]{32,}|pscale_(?:tkn|pw|oauth)_[\\w.=-]{32,}|CCIPAT_\\w{32,}|rubygems_[a-f0-9]{40,}|AKCp[A-Za-z0-9]{60,}|sq0[a-z]{3}-[\\w-]{20,}|access_token\\$production\\$[a-z0-9]{8,}\\$[a-f0-9]{16,}|fm[12]_[A-Za-z0-9+/=_-]{60,}|bk[a-z]a_[a-f0-9]{32,}|sq[pau]_[a-f0-9]{40}|ops_eyJ[\\w+/=-]{60,}|HRKU-[\\w-]{32,}|v1\\.0-[a-f0-9]{24}-[a-f0-9]{100,}|vc[pkiar]_[A-Za-z0-9]{40,}|EZ[AT]K[A-Za-z0-9]{50,}|SK[0-9a-f]{32}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\\d{1,2}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{5,11}-){3,4}[A-Z0-9]{5,6}|pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}|S[ACNOUX][A-Z2-7]{56}|https://(?:\\w+\\.)?discord(?:app)?\\.com/api/webhooks/\\d+/[\\w-]+|https://[\\w.-]+\\.webhook\\.office\\.com/[\\w@/-]+)',
  },
  {
    name: 'a signed address',
    hint: 'sig=|-Signature=',
    pattern: '(?<=[?&])(?:sig|X-(?:Amz|Goog)-Signature)=[\\w%+/=-]{30,}',
  },
  { name: 'a token', hint: ':AA', pattern: '\\d{8,10}:AA[\\w-]{33}(?![\\w-])' },
  // Docker, config.json: base64 of user:password.
  {
    name: 'the login of a registry',
    hint: '"(?:auth|identitytoken|registrytoken)\\\\*"',
    pattern: '(?<=["])(?:auth|identitytoken|registrytoken)\\\\*"\\s*:\\s*\\\\*"[A-Za-z0-9+/_.-]{12,}={0,2}',
  },
  {
    name: 'a login',
    hint: 'uthorization|UTHORIZATION',
    pattern:
      '(?<=(?:[Aa]uthorization|AUTHORIZATION)\\\\*["\']?\\s*[:=]?\\s*\\\\*["\']?(?:[Bb]asic|[Bb]earer|[Tt]oken)\\s+)[\\w.~+/-]{8,}=*',
  },
  {
    name: 'the hash of a password',
    hint: '\\$(?:argon2|scrypt|pbkdf2|2[abxy]?\\$|(?:[1567]|g?y|apr1|sha1)\\$)|pbkdf2_sha|\\{S|SCRAM',
    pattern:
      '\\${1,2}(?:argon2(?:id|i|d)|scrypt|pbkdf2[\\w-]*)\\${1,2}[\\w$./+,=-]+|\\${1,2}2[abxy]?\\${1,2}\\d\\d\\${1,2}[\\w./]{16,}|\\${1,2}(?:1|5|6|7|y|gy|apr1|sha1)\\${1,2}(?:rounds=\\d+\\${1,2})?[\\w./]{1,24}\\${1,2}(?:[\\w./]{1,86}\\${1,2})?[\\w./]{16,}|pbkdf2_sha\\d+\\$[\\w$./+=-]{16,}|\\{(?:SSHA|SHA|SMD5)\\d*\\}[\\w+/=]{16,}|SCRAM-SHA-(?:1|256|512)\\$\\d+:[\\w+/=]+\\$[\\w+/=]+:[\\w+/=]+',
  },
];
