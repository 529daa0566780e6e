/** Keywords of the schemas of parameters. */
export const PATH = { pattern: '^/[^\\n\\r]*$' };
export const MODE = { pattern: '^0?[0-7]{3,4}$' };
export const OWNER = { pattern: '^[A-Za-z0-9_.$-]+$' };

/** Directories that a system doesn't work without; their contents are never moved, nor their permissions changed. */
const SYSTEM =
  /^\/$|^\/(bin|boot|cm|dev|etc|home|lib|lib32|lib64|libx32|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$|^\/(proc|sys|dev|boot|usr)\/|^\/var\/(lib|log|spool|cache|tmp|run|lock|mail|opt)$|^\/cm\/(local|shared|node-installer|images)$|^\/cm\/local\/apps$/;

/** Why this path is not to be touched; `deeply`: what is in it, or its permissions, would change. */
export function pathRefusal(path: string, deeply: boolean): string | undefined {
  if (/(^|\/)\.\.?(\/|$)/.test(path)) return `${path}: write the path without . and ..`;
  return deeply && SYSTEM.test(plainPath(path)) ? `${path} is a system directory` : undefined;
}

/** Without doubled slashes and a slash at the end. */
export const plainPath = (path: string): string => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
/** A mode in octal without leading zeros, as `stat` prints it. */
export const octal = (mode: string): string => Number.parseInt(mode, 8).toString(8);

/** `20260401T083000Z`. */
export function timeName(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}
