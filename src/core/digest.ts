/** A hash by the name that OpenSSL gives it. Node's own module for this takes 4 ms to load, and most commands hash nothing. */
export function digest(algorithm: string, of: string | Uint8Array): Buffer {
  return process.getBuiltinModule('node:crypto').createHash(algorithm).update(of).digest();
}
