import { FitAddon } from '@xterm/addon-fit';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import { Connection, type Received } from './connection';
import { allowStyles } from './styles';

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found;
};

const status = element('status');
const reconnectButton = element('reconnect');
const newShellButton = element('new-shell');
const shareButton = element('share');

const query = new URLSearchParams(location.search);
const isReadOnly = query.get('readonly') === '1';
const WITHOUT_TMUX = 'Connected. The VM runs no tmux, so this shell ends if the terminal restarts.';

let shell = query.get('shell') ?? undefined;
/** While old output is written again, the terminal's answers to it are no input. */
let replays = 0;

allowStyles();
const terminal = new Terminal({
  cursorBlink: true,
  disableStdin: isReadOnly,
  scrollback: 10_000,
  screenReaderMode: query.get('screenreader') === '1',
  theme: { background: '#16181d' },
});
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.loadAddon(new WebLinksAddon());
terminal.open(element('terminal'));
fit.fit();

function show(state: 'connecting' | 'connected' | 'closed', text: string): void {
  status.dataset['state'] = state;
  status.textContent = text;
  reconnectButton.hidden = state !== 'connecting' || shell === undefined;
  newShellButton.hidden = state !== 'closed';
  shareButton.hidden = state !== 'connected' || isReadOnly;
}

/** Keeps the shell in the address, so that a reload and a copied link come back to it. */
function remember(id: string | undefined): void {
  shell = id;
  const url = new URL(location.href);
  if (id === undefined) url.searchParams.delete('shell');
  else url.searchParams.set('shell', id);
  history.replaceState(null, '', url);
}

function receive(message: Received): void {
  switch (message.type) {
    case 'shell':
      remember(message.id);
      terminal.reset();
      show('connected', message.readonly ? 'Connected, read-only' : message.kept ? 'Connected' : WITHOUT_TMUX);
      break;
    case 'output':
      if (message.replay === true) replays++;
      terminal.write(message.data, () => {
        if (message.replay === true) replays--;
      });
      break;
    case 'size':
      // A reader has the size of the writer, whose output it shows.
      if (isReadOnly) terminal.resize(message.cols, message.rows);
      break;
    case 'exit':
      connection.stop();
      remember(undefined);
      terminal.write('\r\n');
      show('closed', isReadOnly ? 'The shell has ended' : 'The shell has ended. Press Enter for a new one.');
      break;
    case 'error':
      show('connecting', message.message);
  }
}

const connection = new Connection({
  query: () => ({
    cols: String(terminal.cols),
    rows: String(terminal.rows),
    ...(shell === undefined ? {} : { shell }),
    ...(isReadOnly ? { readonly: '1' } : {}),
  }),
  onMessage: receive,
  onOpen: () => show('connecting', 'Connected to the terminal. Waiting for the VM…'),
  onWait: (milliseconds, reason) => {
    const seconds = String(Math.max(1, Math.round(milliseconds / 1000)));
    show('connecting', `Not connected: ${reason.replace(/\.$/, '')}. Next try in ${seconds} s.`);
    reconnectButton.hidden = false;
  },
});

function restart(): void {
  show('connecting', 'Connecting…');
  connection.start();
  terminal.focus();
}

terminal.onData((data) => {
  if (status.dataset['state'] === 'closed' && data === '\r') restart();
  else if (replays === 0 && !isReadOnly) connection.input(data);
});
terminal.onResize(({ cols, rows }) => {
  if (!isReadOnly) connection.resize(cols, rows);
});
new ResizeObserver(() => {
  if (!isReadOnly) fit.fit();
}).observe(element('terminal'));
reconnectButton.onclick = restart;
newShellButton.onclick = restart;
shareButton.onclick = () => {
  const url = new URL(location.href);
  url.searchParams.set('readonly', '1');
  void navigator.clipboard.writeText(url.href).then(
    () => (shareButton.textContent = 'Link copied'),
    () => window.prompt('Link to this shell, read-only', url.href),
  );
};

/** Several sessions in tabs have different titles. */
async function showSession(): Promise<void> {
  const response = await fetch('terminal/status');
  const { sessionId } = (await response.json()) as { sessionId: string };
  document.title = `Terminal of ${sessionId}`;
  element('title').textContent = document.title;
}

restart();
showSession().catch(() => undefined);
