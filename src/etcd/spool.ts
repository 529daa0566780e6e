/** Where etcd keeps its data unless BCM was told otherwise (article, section 7). */
const SPOOL = '/var/lib/etcd';

/** True where removing `path` takes the spool, a part of it, or a directory around it. */
export function holdsSpool(path: string): boolean {
  if (!path.startsWith('/')) return false;
  const plain = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const fixed = plain.replace(/\/?[*?[].*$/, '') || '/';
  return fixed === SPOOL || fixed.startsWith(`${SPOOL}/`) || `${SPOOL}/`.startsWith(fixed === '/' ? '/' : `${fixed}/`);
}
