/** An element of XML; its children are elements and texts. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads XML without a DTD, as strictly as XML 1.0 asks: throws where it is not well-formed. */
export function readXml(text: string): Element {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error('a character that XML has not');
  const top: Element = { name: '', attributes: {}, children: [] };
  const open: Element[] = [top];
  const rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [whole, close, name, given, empty, words] of rest.matchAll(
    /<(\/)?([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/)?>|([^<]+|<)/g,
  )) {
    const inside = open.at(-1);
    if (!inside) throw new Error('something stands after the end');
    if (words !== undefined) {
      if (words === '<' || words.includes(']]>')) throw new Error(`not well-formed: ${whole}`);
      inside.children.push(unescaped(words));
    } else if (close) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`);
    } else {
      const attributes = [...(given ?? '').matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
        key,
        unescaped(value),
      ]);
      const element: Element = { name: name ?? '', attributes: Object.fromEntries(attributes), children: [] };
      inside.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [root] = top.children.filter(child => typeof child !== 'string');
  if (open.length !== 1 || !root) throw new Error('an element is not closed');
  return root;
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+))?;?/g, (whole, code, name) => {
    const meant = code === undefined ? entities[name] : String.fromCodePoint(Number(code));
    if (meant === undefined || !whole.endsWith(';')) throw new Error(`not an entity: ${whole}`);
    return meant;
  });
}
