type Create = (this: Document, name: string, options?: ElementCreationOptions) => HTMLElement;

/** Gives style elements the nonce of the page's Content-Security-Policy: xterm.js makes them without one. */
export function allowStyles(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
  const create: Create = Reflect.get(document, 'createElement');
  const createElement: Create = (name, options) => {
    const element = create.call(document, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  Object.assign(document, { createElement });
}
