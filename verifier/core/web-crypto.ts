import type { SealedBox } from './environment.js';

/** The part of Web Crypto that is used, so that neither the browser's nor Node's types are needed here. */
interface AesSubtle {
  importKey(
    format: 'raw',
    key: Uint8Array<ArrayBuffer>,
    algorithm: 'AES-GCM',
    extractable: false,
    usages: 'decrypt'[],
  ): Promise<unknown>;
  decrypt(algorithm: object, key: never, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
}

/** Opens an AES-256-GCM box with Web Crypto; `null` where key, place or bytes are not those it was sealed with. */
export async function openBox({ key, nonce, box, place }: SealedBox): Promise<Uint8Array | null> {
  const { subtle } = (globalThis as unknown as { crypto: { subtle: AesSubtle } }).crypto;
  const imported = await subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, ['decrypt']);
  const algorithm = {
    name: 'AES-GCM',
    iv: new Uint8Array(nonce),
    additionalData: new Uint8Array(place),
    tagLength: 128,
  };
  try {
    return new Uint8Array(await subtle.decrypt(algorithm, imported as never, new Uint8Array(box)));
  } catch {
    return null;
  }
}
