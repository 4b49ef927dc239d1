'use strict';
// Serves the bare Git repositories of a folder over HTTP on the loopback interface, to be read: Git's own http-backend does the work, which
// is a CGI program. Plain JavaScript, as nothing is there to compile it.
//
// Usage: node git-server-process.js FOLDER PORT
const { spawn } = require('node:child_process');
const { createServer } = require('node:http');

const [folder, port] = process.argv.slice(2);
const END_OF_HEAD = '\r\n\r\n';

createServer((request, response) => {
  // Whether the server is there.
  if (request.url === '/') return response.end();
  const { pathname, search } = new URL(request.url, 'http://localhost');
  const header = (name) => request.headers[name] ?? '';
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
    },
  });
  // Either side may go before all is said.
  for (const stream of [backend, backend.stdin]) stream.on('error', () => undefined);
  backend.on('close', () => response.end());
  request.pipe(backend.stdin);
  answer(backend.stdout, response);
}).listen(Number(port), '127.0.0.1');

/** Answers with what a CGI program prints: lines of headers, an empty line, and the body. */
function answer(output, response) {
  let head = Buffer.alloc(0);
  const read = (chunk) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0) return;
    output.off('data', read);
    for (const line of head.subarray(0, end).toString().split('\r\n')) {
      const [name, value] = line.split(/: (.*)/);
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + END_OF_HEAD.length));
    output.on('data', (rest) => response.write(rest));
  };
  output.on('data', read);
}
